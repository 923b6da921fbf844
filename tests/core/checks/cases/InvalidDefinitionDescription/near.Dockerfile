# check=experimental=InvalidDefinitionDescription

# VERSION is the release to build
ARG VERSION
FROM scratch
