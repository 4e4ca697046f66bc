#include "ropewalk/images/networks/engine.hpp"

#include <cstdlib>
#include <filesystem>

#include <dlfcn.h>

#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/images/networks/engine_library.hpp"

namespace ropewalk::perception {

namespace {

namespace fs = std::filesystem;

/// Places the library may lie: beside the program, as built, or in lib/ next to its bin/, as installed.
std::vector<std::string> library_paths() {
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    return {(folder / engine_library_name).string(), (folder / "../lib" / engine_library_name).string(),
            engine_library_name};
}

/// An entry of the library, or why it cannot be had.
base::Result<void*> load_entry(const char* name) {
    // Waiting threads that spin take the processor from those that work when a machine is shared: measured
    // 300 against 25 ms a step. libgomp and OpenBLAS read these once, when they are loaded; the matrix
    // products are too small to gain from OpenBLAS's own threads.
    setenv("OMP_WAIT_POLICY", "passive", 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
    std::string reason = "no such library";
    for (const std::string& path : library_paths()) {
        std::error_code error;
        if (path != engine_library_name && !fs::exists(path, error)) continue;
        if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL))
            if (void* entry = dlsym(library, name)) return entry;
        if (const char* message = dlerror(); message != nullptr && path != engine_library_name)
            reason = message;
    }
    return base::failure(engine_library_name, reason,
                         "Ropewalk built with libtorch; on Debian `apt-get install libtorch-dev`, then "
                         "`./run build`");
}

} // namespace

base::Result<std::unique_ptr<Engine>> make_engine(const EngineOptions& options) {
    static const base::Result<void*> entry = load_entry(engine_entry_name);
    if (!entry) return base::failure(entry.error());
    base::Result<std::unique_ptr<Engine>> engine = nullptr;
    (*reinterpret_cast<MakeEngine*>(*entry))(options, engine);
    return engine;
}

base::Result<std::unique_ptr<RoapEngine>> make_roap_engine(const RoapEngineOptions& options) {
    if (options.model.program == ProgramModel::tree) {
        if (const auto fits = checked(formula::TreeShape{options.variables, options.model.depth}); !fits)
            return base::failure(fits.error());
    } else if (const auto fits = checked(options.model.sketch(options.variables)); !fits) {
        return base::failure(fits.error());
    }
    static const base::Result<void*> entry = load_entry(roap_engine_entry_name);
    if (!entry) return base::failure(entry.error());
    base::Result<std::unique_ptr<RoapEngine>> engine = nullptr;
    (*reinterpret_cast<MakeRoapEngine*>(*entry))(options, engine);
    return engine;
}

base::Result<std::unique_ptr<Proposer>> make_proposer(const ProposerOptions& options) {
    static const base::Result<void*> entry = load_entry(proposer_entry_name);
    if (!entry) return base::failure(entry.error());
    base::Result<std::unique_ptr<Proposer>> proposer = nullptr;
    (*reinterpret_cast<MakeProposer*>(*entry))(options, proposer);
    return proposer;
}

} // namespace ropewalk::perception
