// shared: what all subcommands are made of. The only header other rooms include from here.
#pragma once

#include "app/shared/cli.hpp"
#include "app/shared/experiment_folder.hpp"
#include "app/shared/parts.hpp"
#include "app/shared/settings.hpp"
#include "app/shared/version.hpp"
