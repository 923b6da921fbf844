mkdir -p d/sub e/sub; echo a > d/a; echo b > d/sub/b; echo c > e/c; echo d > e/sub/b; echo f > f.txt; echo g > g.txt; chmod 750 d/sub; chmod 711 d; chmod 640 d/a
