FROM scratch
ENV BASE=/opt BIN=$BASE/bin
