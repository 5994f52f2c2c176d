import TestSupport
import Testing
import XFRMKit

@testable import HostReadiness

/// A host in one text file below `Fixtures/hosts`: the files of its root, what its kernel answers,
/// and what is to be said of it.
///
///     OpenVZ 6: the node's kernel, and no way to load anything into it.
///     like: debian-12
///     kernel: no-esp
///
///     == /proc/version
///     Linux version 2.6.32-042stab145.3 (root@kbuild) …
///     == /proc/1/exe -> /sbin/init
///     == without /proc/modules
///     == expected host
///     env.openvz  fail  OpenVZ 6
///
/// Above the first section stand a few words about it and, if it takes them, these keys:
/// - `like`: the host that it is like in everything else, by the name of its file.
/// - `kernel`: a key of ``kernels``; without, the kernel is not asked.
/// - `profile`: a use; without, `minimal`.
/// - `verdict`: what all checks together must come to; without, that is left open.
///
/// A section is a file with its text, in which `␀` stands for a zero byte; a directory, if the path
/// ends with `/`; or a link. `== without` takes away what comes from the other host: a file, or a
/// directory with all that is in it.
///
/// `== expected GROUP` lists all checks of a group in order: id, status, and the summary or nothing.
struct HostFixture: Sendable, CustomTestStringConvertible {
  var name: String
  var files: [String: String] = [:]
  var links: [String: String] = [:]
  var kernel = ProbeResults()
  var profile = Profile(.minimal)
  var verdict: String?
  var expected: [(group: Check.Group, lines: [String])] = []

  var testDescription: String { name }

  /// What a kernel may be like.
  static let kernels: [String: ProbeResults] = [
    "capable": SyntheticKernel.capable, "no-esp": SyntheticKernel.withoutESP(),
    "no-esp6": SyntheticKernel.withoutESP(.ipv6), "no-gcm": SyntheticKernel.withoutGCM,
    "no-seqiv": SyntheticKernel.withoutTemplates,
    "no-interface": SyntheticKernel.withoutInterface, "aloof": SyntheticKernel.aloof,
    "not-asked": ProbeResults(),
  ]

  static let all = FixtureFile.names(in: "hosts").map { HostFixture($0.dropSuffix(".txt")) }

  var root: SyntheticRoot {
    let root = SyntheticRoot(files)
    for (path, destination) in links { root.link(path, to: destination) }
    return root
  }

  var report: ReadinessReport {
    var options = root.options
    options.profile = profile
    let kernel = kernel.asked(for: profile)
    return ReadinessReport(Findings(options) { kernel })
  }
}

extension HostFixture {
  init(_ name: String) {
    self.name = name
    let sections = FixtureFile.text(of: "hosts/\(name).txt").split(
      separator: "\n== ", omittingEmptySubsequences: false)
    for line in sections[0].split(separator: "\n") {
      let parts = line.split(separator: ": ", maxSplits: 1).map(String.init)
      if parts.count == 2 { set(parts[0], parts[1]) }
    }
    for section in sections.dropFirst() {
      let parts = section.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      add(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
    precondition(!expected.isEmpty, "\(name) expects nothing")
  }

  private mutating func set(_ key: String, _ value: String) {
    switch key {
    case "like":
      let other = HostFixture(value)
      (files, links) = (other.files, other.links)
    case "kernel":
      guard let known = Self.kernels[value] else { preconditionFailure("no kernel \(value)") }
      kernel = known
    case "profile":
      guard let use = Use(rawValue: value) else { preconditionFailure("no profile \(value)") }
      profile = Profile(use)
    case "verdict": verdict = value
    default: break
    }
  }

  private mutating func add(_ heading: String, _ text: String) {
    if heading.hasPrefix("without ") {
      let path = String(heading.dropFirst(8))
      precondition(remove(path), "\(name) is without \(path), which there was not")
    } else if heading.hasPrefix("expected ") {
      guard let group = Check.Group(rawValue: String(heading.dropFirst(9))) else {
        preconditionFailure("no group \(heading)")
      }
      expected.append((group, text.split(separator: "\n").map(Self.normalised)))
    } else if let arrow = heading.firstRange(of: " -> ") {
      links[String(heading[..<arrow.lowerBound])] = String(heading[arrow.upperBound...])
    } else {
      precondition(heading.hasPrefix("/"), "what is \(heading) in \(name)?")
      let text = text.replacing("␀", with: "\0")
      files[heading] = text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
    }
  }

  /// - Returns: Whether there was anything.
  private mutating func remove(_ path: String) -> Bool {
    let count = files.count + links.count
    let isMeant = { (other: String) in other == path || path.hasSuffix("/") && other.hasPrefix(path)
    }
    files = files.filter { !isMeant($0.key) }
    links = links.filter { !isMeant($0.key) }
    return files.count + links.count < count
  }
}

extension HostFixture {
  /// Columns are only for the reader.
  private static func normalised(_ line: Substring) -> String {
    line.split(separator: " ").joined(separator: " ")
  }

  /// What is expected and not so, then what is so and not expected; empty if all is well.
  func differences(_ report: ReadinessReport, in group: Check.Group, _ lines: [String]) -> String {
    let checks = report.checks.filter { $0.group == group }
    let found = checks.map { check in
      let short = "\(check.id) \(check.status)"
      // A summary that is not given may be any.
      return lines.contains(short) ? short : "\(short) \(check.summary)"
    }
    guard found != lines else { return "" }
    let changes = found.difference(from: lines).map { change in
      switch change {
      case .remove(_, let line, _): "- \(line)"
      case .insert(_, let line, _): "+ \(line)"
      }
    }
    return (["\(name), \(group):"] + changes).joined(separator: "\n")
  }
}

extension StringProtocol {
  fileprivate func dropSuffix(_ suffix: String) -> String {
    String(hasSuffix(suffix) ? dropLast(suffix.count) : self[...])
  }
}
