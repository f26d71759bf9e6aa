# Sets `python` to a Python that is new enough; for the commands beside this folder and for .ci/run.
for python in ${NOTIFY_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if command -v "$python" >/dev/null 2>&1 &&
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        return 0 2>/dev/null || break
    fi
done
found="$("${NOTIFY_PYTHON:-python3}" -V 2>&1)" || found="none"
echo "Notify needs Python 3.11 or newer, and this machine has ${found}. On Debian: apt-get install python3 python3-venv." >&2
exit 1
