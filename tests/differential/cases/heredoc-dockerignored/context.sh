echo a > .dockerignore
