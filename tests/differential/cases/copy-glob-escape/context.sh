echo 1 > "a[1]"; echo 2 > "b*c"; echo 3 > bxc
