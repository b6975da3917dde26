/**
 * What teaches a shell to complete the words of `alexnet`. Each asks the program itself, whose answer is a line that says
 * which files may stand there too (`none`, `files`, `folders`), and then a line for each word: it, a tab, and what it is.
 * Nothing that is typed is evaluated.
 */
export const completionScripts = {
  bash: `# Bash: source <(alexnet completion bash)
_alexnet() {
  local kind='' line word before='' cur n=0
  local -a words
  # zoo:cifar10 is one word, which Bash parts in three.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if (( n > 0 )) && [[ $word == : || \${words[n-1]} == *: ]]; then words[n-1]+="$word"; else words[n++]="$word"; fi
  done
  cur="\${words[n-1]}"
  if [[ $COMP_WORDBREAKS == *:* && $cur == *:* ]]; then before="\${cur%"\${cur##*:}"}"; fi
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind="$line"; else line="\${line%%$'\\t'*}"; COMPREPLY+=("\${line#"$before"}"); fi
  done < <(alexnet complete -- "\${words[@]}" 2>/dev/null)
  # What Bash takes for words of their own stays as it is typed.
  if [[ $cur == '=' ]]; then cur=''; fi
  case $kind in
    files) while IFS= read -r line; do COMPREPLY+=("\${line#"$before"}"); done < <(compgen -f -- "$cur") ;;
    folders) while IFS= read -r line; do COMPREPLY+=("\${line#"$before"}"); done < <(compgen -d -- "$cur") ;;
  esac
  if [[ $kind == none ]]; then
    if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[=:] ]]; then compopt -o nospace 2>/dev/null; fi
  else
    compopt -o filenames 2>/dev/null
  fi
}
complete -F _alexnet alexnet
`,
  zsh: `#compdef alexnet
# Zsh: source <(alexnet completion zsh), after compinit; or as a file _alexnet in a folder of $fpath
_alexnet() {
  local kind line
  local -a answer words_here
  answer=("\${(@f)$(alexnet complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  kind=$answer[1]
  for line in "\${(@)answer[2,-1]}"; do
    words_here+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#words_here )) && _describe 'alexnet' words_here
  case $kind in
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [[ $funcstack[1] == _alexnet ]]; then _alexnet "$@"; else compdef _alexnet alexnet; fi
`,
  fish: `# Fish: alexnet completion fish | source; or as ~/.config/fish/completions/alexnet.fish
function __alexnet_complete
  set -l before (commandline -opc)
  set -l cur (commandline -ct)
  set -l answer (alexnet complete -- $before[2..-1] "$cur" 2>/dev/null)
  if test (count $answer) -gt 1
    printf '%s\\n' $answer[2..-1]
  end
  switch "$answer[1]"
    case files
      __fish_complete_path "$cur"
    case folders
      __fish_complete_directories "$cur" ''
  end
end
complete -c alexnet -f -a '(__alexnet_complete)'
`,
} as const

export type Shell = keyof typeof completionScripts
