#!/usr/bin/env bash
# The weekly bump of the provider $PROVIDER, in the two steps that .github/workflows/bump.yml runs:
#   bump   runs `make bump`, tells the job whether it came to something, and its summary to what
#   open   commits what the bump left, pushes it to bump/$PROVIDER, and opens that branch's pull request or renews it;
#          as a draft, where the tests failed on the new tree
# They are two, so that no test and no code made of a vendor's document runs beside the token, which only `open` needs.
# Refuses to push over a commit that is not its own.
set -euo pipefail

readonly report="$RUNNER_TEMP/report.md"
readonly log="$RUNNER_TEMP/bump.log"
readonly branch="bump/$PROVIDER"
# GitHub takes 65,536 characters as the text of a pull request; there are never more of them than bytes.
readonly room=64000

export GIT_AUTHOR_NAME='github-actions[bot]' GIT_AUTHOR_EMAIL='41898282+github-actions[bot]@users.noreply.github.com'
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

fail() {
  echo "pull_request.sh: $1" >&2
  exit 1
}

# Prints the report; of one that is too long the first lines, with the note above them, where no open block swallows it.
print_report() {
  if (($(wc -c <"$report") <= room)); then
    cat "$report"
    return
  fi
  echo "> The report is too long for this place and cut; \`make bump PROVIDER=$PROVIDER\` writes all of it."
  echo
  LC_ALL=C awk -v left="$room" '{ left -= length($0) + 1; if (left < 0) exit; print }' "$report"
}

summarise() {
  case $1 in
    current) printf '%s: nothing new.\n' "$PROVIDER" ;;
    # Indented, so that nothing in the log is read as Markdown.
    failed | unfinished)
      printf '%s: the bump failed.\n\n' "$PROVIDER"
      tail -n 20 "$log" | cut -c 1-500 | sed 's/^/    /'
      echo
      ;;
  esac
  if [[ $1 != current && -s $report ]]; then
    print_report
  fi
}

bump() {
  local mute result code=0
  # A line of a vendor's text may look like a command to the runner, which obeys none until it reads this word.
  mute=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$mute"
  LC_ALL=C.UTF-8 make bump PROVIDER="$PROVIDER" ACCEPT=same-version KEEP=1 REPORT="$report" 2>&1 | tee "$log" || code=$?
  echo "::$mute::"
  # `make` has no number of its own for a bump that found nothing new: it ends well, and the tree is as it was.
  # A bump whose tests fail keeps the new tree: a person has to go on from it, and finds it in the pull request.
  if [[ -n $(git status --porcelain) ]]; then
    if ((code == 0)); then result=bumped; else result=unfinished; fi
  else
    if ((code == 0)); then result=current; else result=failed; fi
  fi
  summarise "$result" >>"$GITHUB_STEP_SUMMARY"
  echo "result=$result" >>"$GITHUB_OUTPUT"
  echo "$result" >"$RUNNER_TEMP/result"
  [[ $result != failed ]] || fail "the bump of $PROVIDER failed; the lines above say at which step and why"
}

# Runs git with the token of the environment, which thereby stands in no file and in no argument.
git_with_token() {
  git -c credential.helper= -c credential.helper='!gh auth git-credential' "$@"
}

push() {
  local tip
  tip=$(git_with_token ls-remote origin "refs/heads/$branch" | cut -f 1)
  if [[ -n $tip ]]; then
    git_with_token fetch --quiet --depth=1 origin "$tip"
    [[ $(git show --no-patch --format=%ce "$tip") == "$GIT_COMMITTER_EMAIL" ]] ||
      fail "$branch ends with a commit that this workflow did not make: merge its pull request, or delete the branch"
  fi
  git_with_token push --quiet --force-with-lease="refs/heads/$branch:$tip" origin "HEAD:refs/heads/$branch"
}

open() {
  local body="$RUNNER_TEMP/body.md" pulls="repos/$GITHUB_REPOSITORY/pulls" number is_draft=false
  [[ -s $report ]] || fail "there is no report at $report: run the step bump first"
  git add --all
  git commit --quiet --message "Bump $PROVIDER"
  push
  if [[ $(cat "$RUNNER_TEMP/result") == unfinished ]]; then is_draft=true; fi
  {
    if $is_draft; then
      printf '**The tests fail on this version.** The adapter, its simulator or their tests must learn what is new.\n\n'
    fi
    printf 'GitHub runs no checks on what a workflow pushes: close and reopen this pull request to start them.\n\n'
    print_report
  } >"$body"
  # By `gh api`: `gh pr edit` fails where GitHub has retired a part of what it asks for.
  number=$(gh api --method GET "$pulls" -f state=open -f base="$GITHUB_REF_NAME" \
    -f head="${GITHUB_REPOSITORY%%/*}:$branch" --jq '.[0].number // empty')
  if [[ -n $number ]]; then
    gh api --method PATCH "$pulls/$number" -F body=@"$body" --jq .html_url
  else
    gh api --method POST "$pulls" -f title="Bump $PROVIDER" -f head="$branch" -f base="$GITHUB_REF_NAME" \
      -F draft="$is_draft" -F body=@"$body" --jq .html_url
  fi
}

case ${1-} in
  bump | open) "$1" ;;
  *) fail "say which step: bump or open" ;;
esac
