@testable import xfrmctl

/// What `xfrmctl ip WORDS...` does, without a process. Here because TestSupport has a `Tool`, too.
func runIPTool(_ words: [String]) -> Int32 { IPTool.run(words) }
