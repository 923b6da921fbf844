# banner LINE...: prints the lines in a box as wide as the longest one.
banner() {
    width=0
    for line in "$@"; do
        if [ "${#line}" -gt "$width" ]; then
            width=${#line}
        fi
    done

    rule=$(printf '%*s' "$((width + 2))" '' | tr ' ' '-')
    echo "+$rule+"
    for line in "$@"; do
        printf '| %-*s |\n' "$width" "$line"
    done
    echo "+$rule+"
}
