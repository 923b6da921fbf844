#pragma once

/// The window.
namespace cooperage::gui {

/// Opens the main window (on the files given as arguments, if any) and returns the exit code.
[[nodiscard]] int run(int argc, char *argv[]);

} // namespace cooperage::gui
