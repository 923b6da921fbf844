#pragma once

/// Process 1 of the container. Starts the processes that the engine asks for over descriptor 3 and reports
/// their ends; what is left when the main one has ended is killed.
int initMode();

/// Runs `program` as a descendant that cannot outlive the engine. SIGTERM kills everything and waits until it
/// is gone.
int superviseMode(const char *store, const char *merged, char **program);

/// Remounts a container's root without devices; run as a hook in the container's mount namespace.
int nodevMode(const char *root);
