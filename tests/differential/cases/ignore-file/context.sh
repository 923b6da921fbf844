printf "# c\n*.md\n**/*.tmp\ndocs\n!docs/keep.md\nDockerfile\n.dockerignore\n" > .dockerignore
