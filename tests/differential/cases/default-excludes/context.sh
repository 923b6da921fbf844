mkdir -p .git node_modules build && echo 1 > .git/config && echo 2 > node_modules/x && echo 3 > build/y && echo 4 > m.pyc
