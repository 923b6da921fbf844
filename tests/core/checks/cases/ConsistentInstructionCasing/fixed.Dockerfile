FROM scratch
LABEL a=1
LABEL b=2
