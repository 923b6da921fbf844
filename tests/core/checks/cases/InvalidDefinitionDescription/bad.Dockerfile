# check=experimental=InvalidDefinitionDescription

# The release to build
ARG VERSION
FROM scratch
