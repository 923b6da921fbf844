n=$(printf "%0200d" 7); echo x > "$n"; mkdir "d $n"; echo y > "d $n/ü ñ"; echo z > "$(printf "a\tb")"
