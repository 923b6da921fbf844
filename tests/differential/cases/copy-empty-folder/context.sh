mkdir -p d/empty/deeper
