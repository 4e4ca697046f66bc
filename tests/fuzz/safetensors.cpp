// Model files and files of tensors: what is read can be written and read again.
#include "ropewalk/images/networks/tensors.hpp"
#include "ropewalk/programs/compiler/compiler.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    const std::string_view bytes = fuzz::text_of(data, size);
    if (const auto model = compiler::from_safetensors(bytes, "fuzz")) {
        const std::string written = compiler::to_safetensors(*model);
        const auto again = compiler::from_safetensors(written, "written");
        fuzz::holds(again && compiler::to_safetensors(*again) == written, "a written model is the model");
    }
    if (const auto tensors = perception::from_safetensors(bytes, "fuzz")) {
        const std::string written = perception::to_safetensors(*tensors);
        const auto again = perception::from_safetensors(written, "written");
        fuzz::holds(again && perception::to_safetensors(*again) == written,
                    "written tensors are the tensors");
    }
    return 0;
}
