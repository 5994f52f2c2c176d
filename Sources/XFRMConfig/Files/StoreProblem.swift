internal import XFRMKit

/// Why something could not be kept on disk, or not be read from there.
public struct StoreProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is to be done about it.
  @nonexhaustive
  public enum Kind: Hashable, Sendable {
    /// There is no room, or no permission, or the disk fails.
    case unwritable
    /// Another process is at work there.
    case busy
    /// What is there is not what this version wrote.
    case unreadable
  }

  public var kind: Kind
  public var path: String
  public var description: String
  /// Whether somebody else may, such as root.
  public var isPermission = false
  /// Whether there is nothing of that name.
  var isMissing = false

  public init(_ path: String, _ explanation: String, kind: Kind = .unwritable) {
    self.kind = kind
    self.path = path
    description = "\(path): \(explanation)"
  }

  /// A system call that has failed.
  init(_ path: String, _ errno: SystemErrno) {
    self.init(path, "\(errno)")
    isPermission = errno == .accessDenied || errno == .notPermitted
    isMissing = errno == .noSuchFile
  }

  /// - Parameter predicate: What the path is the subject of.
  init(_ path: String, that predicate: String) {
    self.init(path, sentence: "\(path) \(predicate)")
  }

  /// - Parameter sentence: All of it, with the path.
  init(_ path: String, sentence: String) {
    self.init(path, "")
    description = sentence
  }
}

extension StoreProblem {
  /// What a function finds; `nil` if there is nothing of that name.
  static func orMissing<Found: ~Copyable>(
    _ find: () throws(StoreProblem) -> Found
  ) throws(StoreProblem) -> Found? {
    do throws(StoreProblem) { return try find() } catch {
      guard error.isMissing else { throw error }
      return nil
    }
  }
}
