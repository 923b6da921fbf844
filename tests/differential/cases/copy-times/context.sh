mkdir -p d/sub e/sub; echo a > d/a; echo b > d/sub/b; echo c > e/c; echo d > e/sub/b; echo f > f.txt; echo g > g.txt; chmod 750 d/sub; chmod 711 d; chmod 640 d/a
touch -d 2001-02-03T04:05:06.123456789Z d/a; touch -d 1999-02-03T04:05:06Z d/sub; touch -h -d 1998-01-01T00:00:00Z f.txt
