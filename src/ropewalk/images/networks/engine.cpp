#include "ropewalk/images/networks/engine.hpp"

#include <cstdlib>
#include <filesystem>

#include <dlfcn.h>

#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/images/networks/engine_library.hpp"

namespace ropewalk::perception {

namespace {

namespace fs = std::filesystem;

/// The file that this code was linked into: a program, or a library such as Python's module.
fs::path own_file() {
    Dl_info info{};
    std::error_code error;
    if (dladdr(reinterpret_cast<const void*>(&own_file), &info) != 0 && info.dli_fname != nullptr) {
        // Of a program it is what the shell was given, which may be no path at all.
        const fs::path file = fs::canonical(info.dli_fname, error);
        if (!error && file.extension() == ".so") return file;
    }
    return fs::read_symlink("/proc/self/exe", error);
}

/// Places the library may lie, the first one that exists is taken: where ROPEWALK_ENGINE says; else beside
/// the file that this code is in, as built, or in lib/ next to its bin/, as installed; else where the system
/// looks.
std::vector<std::string> library_paths() {
    if (const char* const chosen = std::getenv("ROPEWALK_ENGINE"); chosen != nullptr && *chosen != '\0')
        return {chosen};
    const fs::path folder = own_file().parent_path();
    return {(folder / engine_library_name).string(), (folder / "../lib" / engine_library_name).string(),
            engine_library_name};
}

/// The library, or why it cannot be had.
base::Result<void*> load_library() {
    std::string file = engine_library_name, reason = "no such library";
    for (const std::string& path : library_paths()) {
        std::error_code error;
        if (path.find('/') != std::string::npos && !fs::exists(path, error)) continue;
        if (void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
            auto* const abi = reinterpret_cast<EngineAbi*>(dlsym(library, engine_abi_name));
            if (abi != nullptr && abi() == engine_abi()) return library;
            return base::failure(path, "built for another version of Ropewalk",
                                 "the library that was built with this one; ROPEWALK_ENGINE names its file");
        }
        if (const char* message = dlerror(); message != nullptr && path != engine_library_name)
            file = path, reason = message;
    }
    return base::failure(file, reason,
                         "Ropewalk built with libtorch; on Debian `apt-get install libtorch-dev`, then "
                         "`./run build`; ROPEWALK_ENGINE names the file where it lies elsewhere");
}

/// An entry of the library.
base::Result<void*> load_entry(const char* name) {
    static const base::Result<void*> library = load_library();
    return library.and_then([name](void* loaded) -> base::Result<void*> {
        if (void* entry = dlsym(loaded, name)) return entry;
        return base::failure(engine_library_name, std::string("no entry ") + name, "a whole library");
    });
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

base::Result<std::shared_ptr<ProcessGroup>> make_process_group(const ProcessGroupOptions& options) {
    static const base::Result<void*> entry = load_entry(process_group_entry_name);
    if (!entry) return base::failure(entry.error());
    base::Result<std::shared_ptr<ProcessGroup>> group = nullptr;
    (*reinterpret_cast<MakeProcessGroup*>(*entry))(options, group);
    return group;
}

} // namespace ropewalk::perception
