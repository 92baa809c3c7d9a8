# bash completion of tero-control-plane. Made by `tero-control-plane generate bash`.
_tero_control_plane()
{
    local line=${COMP_LINE:0:COMP_POINT} cur prev command='' kind=words list='' before='' i
    local -a words
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=('')
    local last=$((${#words[@]} - 1))
    cur=${words[last]} prev=''
    ((last > 1)) && prev=${words[last - 1]}
    for ((i = 1; i < last; i++)); do
        case ${words[i]} in
        -*) ;;
        *) command=${words[i]}; break ;;
        esac
    done
    case $command:$prev in
    serve:--data) kind=files list='' ;;
    serve:--listen) kind=words list='' ;;
    serve:--socket) kind=files list='' ;;
    serve:--frozen) kind=words list='' ;;
    serve:--threads) kind=words list='' ;;
    serve:--timeout) kind=words list='' ;;
    ingest:--data) kind=files list='' ;;
    ingest:--service) kind=words list='' ;;
    ingest:--format) kind=words list='' ;;
    demo:--data) kind=files list='' ;;
    demo:--seed) kind=words list='' ;;
    bundle:--trust) kind=commas list='' ;;
    bundle:--data) kind=files list='' ;;
    *) case $cur in
    -*) case $command in
        serve) list='--data --listen --no-tcp --socket --embedded --no-tap --frozen --threads --timeout' ;;
        ingest) list='--data --service --format --follow --journal --progress' ;;
        demo) list='--data --seed --progress' ;;
        bundle) list='--trust --data' ;;
        *) list='' ;;
        esac ;;
    *) case $command in
        '') list='serve ingest patterns demo bundle generate version help' ;;
        ingest) kind=files ;;
        patterns) kind=files ;;
        bundle) kind=files ;;
        generate) list='man bash zsh fish' ;;
        esac ;;
    esac ;;
    esac
    if [[ $kind == files ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        return
    fi
    [[ $kind == commas && $cur == *,* ]] && before=${cur%,*},
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$list" -- "${cur#"$before"}")
    [[ $kind == commas || ${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null
    # Readline takes a word to begin after a colon.
    if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
        before=${cur%"${cur##*:}"}
        COMPREPLY=("${COMPREPLY[@]#"$before"}")
    fi
}
complete -F _tero_control_plane tero-control-plane
