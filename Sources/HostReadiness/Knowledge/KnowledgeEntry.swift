internal import Netlink

/// What something means that a host says, and what to do about it.
public struct KnowledgeEntry: Hashable, Sendable, Identifiable {
  /// Whose words an entry is about.
  public enum Speaker: String, Hashable, Sendable {
    case charon
    case ip
    case kernel
    case modprobe
    case pluto
    case systemd
    case xfrmctl
  }

  /// What is explained.
  public enum Kind: String, Hashable, Sendable {
    /// A check of the catalogue.
    case check
    /// An error number that XFRM's refusals come with.
    case errno
    /// A line of a log or on a terminal.
    case message
  }

  /// Stable, for scripts and for looking things up: `charon.no-xfrm-user`, `EPERM`, `mod.esp4`.
  public let id: String
  public let kind: Kind
  public let speaker: Speaker
  /// What it comes to, in a few words.
  public let title: String
  /// What a check does; `nil` for what explains itself.
  public let about: String?
  /// Why it is said, or why a check fails.
  public let cause: String
  /// What to do.
  public let remedy: String
  /// Checks that tell more about it.
  public let checks: [CheckID]
  let patterns: [LinePattern]
  let errno: SystemErrno?

  /// How much its words tell beside those of another entry.
  var authority: Int {
    switch (kind, speaker) {
    case (.message, .kernel): 2
    case (.message, _): 1
    case (.errno, _), (.check, _): 0
    }
  }
}

extension KnowledgeEntry {
  /// Something that a program says.
  static func message(
    _ speaker: Speaker, _ id: String, _ title: String, says patterns: [LinePattern],
    why cause: String, do remedy: String, checks: [CheckID] = []
  ) -> Self {
    Self(
      id: "\(speaker.rawValue).\(id)", kind: .message, speaker: speaker, title: title, about: nil,
      cause: cause, remedy: remedy, checks: checks, patterns: patterns, errno: nil)
  }

  /// An error number, whoever passes it on.
  static func errno(
    _ errno: SystemErrno, why cause: String, do remedy: String, checks: [CheckID] = []
  ) -> Self {
    Self(
      id: errno.name, kind: .errno, speaker: .kernel,
      title: "error number \(errno.rawValue), “\(errno)”", about: nil, cause: cause,
      remedy: remedy, checks: checks, patterns: [LinePattern("RTNETLINK answers: \(errno)")],
      errno: errno)
  }

  /// A check of the catalogue.
  static func check(_ definition: CheckDefinition) -> Self {
    Self(
      id: definition.id.rawValue, kind: .check, speaker: .xfrmctl, title: definition.title,
      about: definition.about, cause: definition.why, remedy: definition.advice,
      checks: [definition.id] + definition.related, patterns: [], errno: nil)
  }
}
