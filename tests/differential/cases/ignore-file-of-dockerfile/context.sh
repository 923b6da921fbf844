echo a > .dockerignore; printf "b\n*ockerfile*\n.dockerignore\n" > Dockerfile.dockerignore
