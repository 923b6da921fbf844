#pragma once

/// Process 1 of the container. The command's end is written to descriptor 3; what it left behind dies with
/// process 1.
int initMode(char **command);

/// Runs `program` as a descendant that cannot outlive the engine. SIGTERM kills everything and waits until it
/// is gone.
int superviseMode(const char *store, const char *merged, char **program);
