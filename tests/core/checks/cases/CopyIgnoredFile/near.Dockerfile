# check=experimental=CopyIgnoredFile
FROM scratch
COPY notes.md /
