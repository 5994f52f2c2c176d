extension KeyProblem {
  /// Why what a key is kept in, or has to be written down in, cannot be used.
  init(_ problem: StoreProblem) { self.init(problem.description) }

  /// Runs a function that reads or writes files.
  static func from<Result: ~Copyable>(
    _ body: () throws(StoreProblem) -> Result
  ) throws(KeyProblem) -> Result {
    do throws(StoreProblem) { return try body() } catch { throw KeyProblem(error) }
  }
}
