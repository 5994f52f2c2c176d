import ArgumentParser

/// What is said of the words of a command in the language of `ip xfrm`.
let wordsHelp = ArgumentHelp(
  "As for ip xfrm, and more: xfrmctl(8) has the whole grammar.", valueName: "words")

/// Completes the word that the cursor is behind.
let wordsCompletion = CompletionKind.custom { words, index, prefix in
  WordCompletion.candidates(words, at: index, prefix: prefix)
}
