FROM scratch
COPY requirements.txt none*.txt /
