FROM scratch
COPY public.md /
