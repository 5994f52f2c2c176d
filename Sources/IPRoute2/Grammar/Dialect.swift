/// Whose language a command line is in.
public enum Dialect: Hashable, Sendable {
  /// What iproute2 7.1 takes, as it takes it, oddities included; only its memory errors are left
  /// out, and keys in error messages.
  case iproute2
  /// The same words and more. What iproute2 misunderstands without a word is refused.
  case xfrmctl
}
