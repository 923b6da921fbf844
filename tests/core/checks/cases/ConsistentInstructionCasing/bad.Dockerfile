FROM scratch
LABEL a=1
label b=2
