# bash completion of tero-console. Made by `tero-console generate bash`.
_tero_console()
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
        --output|-o|--sort|-s|--columns|-c|--limit|-n|--data|-d|--profile|-p|--endpoint|-e|--ca|--bundle|-b|--trust|--account|-a|--theme|-t) ((i++)) ;;
        -*) ;;
        *) command=${words[i]}; break ;;
        esac
    done
    case $command:$prev in
    issues:--sort|issues:-s) kind=commas list='id number severity age title service team rate saving updated' ;;
    issues:--columns|issues:-c) kind=commas list='all id number severity age title service team check domain stage rate cost saving savedBytes actionable updated' ;;
    checks:--sort|checks:-s) kind=commas list='name domain findings issues services observed' ;;
    checks:--columns|checks:-c) kind=commas list='all id name domain type enabled findings issues category services observed ran saving' ;;
    policies:--sort|policies:-s) kind=commas list='id number state name source risk category created updated' ;;
    policies:--columns|policies:-c) kind=commas list='all id number state name action source service event risk category hits errors version inForce requester issue created updated' ;;
    services:--sort|services:-s) kind=commas list='id name team enabled events rate volume cost total bytes firstSeen lastSeen' ;;
    services:--columns|services:-c) kind=commas list='all id name team enabled health events rate volume cost total bytes firstSeen lastSeen series' ;;
    events:--sort|events:-s) kind=commas list='id name service severity rate cost total bytes firstSeen lastSeen' ;;
    events:--columns|events:-c) kind=commas list='all id name service team template severity rate volume cost total bytes firstSeen lastSeen series' ;;
    edges:--sort|edges:-s) kind=commas list='id instance service namespace version sync lastSeen firstSeen' ;;
    edges:--columns|edges:-c) kind=commas list='all id instance service namespace version sync lastSeen hits misses errors hash firstSeen' ;;
    edge-keys:--sort|edge-keys:-s) kind=commas list='id name lastUsed revoked created' ;;
    edge-keys:--columns|edge-keys:-c) kind=commas list='all id name prefix lastUsed revoked created' ;;
    *:--output|*:-o) kind=words list='table json csv yaml markdown' ;;
    *:--sort|*:-s) kind=commas list='' ;;
    *:--columns|*:-c) kind=commas list='' ;;
    *:--limit|*:-n) kind=words list='' ;;
    *:--data|*:-d) kind=files list='' ;;
    *:--profile|*:-p) kind=words list='' ;;
    *:--endpoint|*:-e) kind=words list='' ;;
    *:--ca) kind=files list='' ;;
    *:--bundle|*:-b) kind=files list='' ;;
    *:--trust) kind=commas list='' ;;
    *:--account|*:-a) kind=words list='' ;;
    *:--theme|*:-t) kind=words list='colour-blind-light colour-blind dark default high-contrast light mono' ;;
    *) case $cur in
    -*) case $command in
        issues) list='--output --sort --columns --limit --data --profile --endpoint --ca --bundle --trust --account --read-only --read-write --demo --theme --no-color --ascii --mouse --fresh --plain --markdown --agent --help --version' ;;
        checks) list='--output --sort --columns --limit --data --profile --endpoint --ca --bundle --trust --account --read-only --read-write --demo --theme --no-color --ascii --mouse --fresh --plain --markdown --agent --help --version' ;;
        policies) list='--output --sort --columns --limit --data --profile --endpoint --ca --bundle --trust --account --read-only --read-write --demo --theme --no-color --ascii --mouse --fresh --plain --markdown --agent --help --version' ;;
        services) list='--output --sort --columns --limit --data --profile --endpoint --ca --bundle --trust --account --read-only --read-write --demo --theme --no-color --ascii --mouse --fresh --plain --markdown --agent --help --version' ;;
        events) list='--output --sort --columns --limit --data --profile --endpoint --ca --bundle --trust --account --read-only --read-write --demo --theme --no-color --ascii --mouse --fresh --plain --markdown --agent --help --version' ;;
        edges) list='--output --sort --columns --limit --data --profile --endpoint --ca --bundle --trust --account --read-only --read-write --demo --theme --no-color --ascii --mouse --fresh --plain --markdown --agent --help --version' ;;
        edge-keys) list='--output --sort --columns --limit --data --profile --endpoint --ca --bundle --trust --account --read-only --read-write --demo --theme --no-color --ascii --mouse --fresh --plain --markdown --agent --help --version' ;;
        *) list='--output --sort --columns --limit --data --profile --endpoint --ca --bundle --trust --account --read-only --read-write --demo --theme --no-color --ascii --mouse --fresh --plain --markdown --agent --help --version' ;;
        esac ;;
    *) case $command in
        '') list='issues checks policies services events edges edge-keys status snapshot policy config token lock keys themes generate version help' ;;
        issues) list='severity: severity:high severity:medium severity:low stage: stage:open stage:in_progress stage:waiting stage:failed stage:ignored stage:resolved domain: domain:cost domain:compliance check: type: type:routine_system_chatter type:debug_noise type:dead_weight type:background_noise type:commodity_traffic type:hot_path type:reactive_flood type:configuration_noise type:debug_marker type:debug_artifacts type:secret_exposure type:payment_data_exposure type:pii_exposure type:phi_exposure service: team: event: proposal: proposal:yes proposal:no saving: cost: id:' ;;
        checks) list='domain: domain:cost domain:compliance type: id:' ;;
        policies) list='state: state:draft state:proposed state:approved state:active state:disabled state:superseded status: status:active status:disabled name: action: action:drop action:sample action:rate_limit action:transform action:keep source: source:log_event source:datadog_exclusion_filter source:manual service: risk: risk:low risk:medium risk:high category: requester: number: issue: event: id:' ;;
        services) list='name: enabled: enabled:yes enabled:no rate: volume: cost: total: bytes: events: team: id:' ;;
        events) list='name: template: service: severity: severity:debug severity:info severity:warn severity:error severity:other enabled: enabled:yes enabled:no rate: volume: cost: total: bytes: team: withheld: withheld:yes withheld:no id:' ;;
        edges) list='instance: service: namespace: version: sync: sync:in_sync sync:sent sync:behind sync:never id:' ;;
        edge-keys) list='name: id:' ;;
        policy) list='lint diff print eval preview import' ;;
        config) list='show check edit path schema' ;;
        generate) list='man bash zsh fish' ;;
        help) list='issues checks policies services events edges edge-keys status snapshot policy config token lock keys themes generate version help' ;;
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
complete -F _tero_console tero-console
