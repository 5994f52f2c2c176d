/// How far a check of a host has come.
public struct CheckProgress: Hashable, Sendable {
  /// What is being done: `reading files`, or the title of the check that the kernel is asked for.
  public var what: String
  /// Which of the questions to the kernel it is, from 1; 0 before the first.
  public var number: Int
  /// How many there are.
  public var count: Int

  init(_ what: String, _ number: Int = 0, of count: Int = 0) {
    self.what = what
    self.number = number
    self.count = count
  }

  /// Told of every step before it is done.
  public typealias Observer = (CheckProgress) -> Void
}
