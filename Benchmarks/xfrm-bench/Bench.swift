import Glibc
import XFRMKit

/// Does one thing with many policies or SAs, through XFRMKit, and prints the seconds it took.
@main
struct Bench {
  static func main() {
    do {
      let arguments = CommandLine.arguments
      guard arguments.count >= 4, let task = Task(rawValue: arguments[1]),
        let kind = Kind(rawValue: arguments[2]), let count = UInt32(arguments[3])
      else { throw Failure.usage }
      if arguments.last == "warm" { try warmUp(kind, count) }
      print(try run(task, kind, count))
    } catch {
      print("xfrm-bench: \(error)")
      exit(1)
    }
  }

  enum Task: String { case install, list, delete, memory, reinstall }
  enum Kind: String { case policies, associations }

  /// Does all of it before, so that memory and code are where they will be needed. (malloc gives
  /// back a large block that was freed for the first time.)
  static func warmUp(_ kind: Kind, _ count: UInt32) throws {
    // Elsewhere in the address space than what is there already.
    let others = 0x10_0000..<(0x10_0000 + count / 20)
    var client = try XFRMClient()
    try add(others, kind, &client)
    try remove(others, kind, &client)
    for _ in 0..<2 { _ = try list(kind, &client) }
  }

  static func run(_ task: Task, _ kind: Kind, _ count: UInt32) throws -> String {
    var client = try XFRMClient()
    let clock = ContinuousClock()
    let start = clock.now
    switch task {
    case .install: try add(0..<count, kind, &client)
    case .delete: try remove(0..<count, kind, &client)
    case .list:
      let listed = try list(kind, &client)
      let end = clock.now
      guard listed.count == count else { throw Failure.listed(listed.count) }
      return "\((end - start) / .seconds(1))"
    case .memory: return try memory(kind, &client)
    case .reinstall: return try reinstall(kind, count, &client)
    }
    return "\((clock.now - start) / .seconds(1))"
  }

  enum Listed {
    case policies([Policy])
    case associations([SecurityAssociation])

    var count: Int {
      switch self {
      case .policies(let list): list.count
      case .associations(let list): list.count
      }
    }
  }

  static func list(_ kind: Kind, _ client: inout XFRMClient) throws -> Listed {
    switch kind {
    case .policies: .policies(try client.policies())
    case .associations: .associations(try client.associations())
    }
  }

  /// Takes away all there is, puts it there again, and tells how long that took.
  static func reinstall(
    _ kind: Kind, _ count: UInt32, _ client: inout XFRMClient
  ) throws -> String {
    let listed = try list(kind, &client)
    guard listed.count == count else { throw Failure.listed(listed.count) }
    let (old, new): ([XFRMKit.Operation], [XFRMKit.Operation]) =
      switch listed {
      case .policies(let list):
        (list.map { .deletePolicy($0.key) }, list.map { .updatePolicy($0) })
      case .associations(let list):
        (list.map { .deleteAssociation($0.id) }, list.map { .addAssociation($0) })
      }
    try client.perform(old).check()
    let clock = ContinuousClock()
    return "\(try clock.measure { try client.perform(new).check() } / .seconds(1))"
  }

  static func add(_ numbers: Range<UInt32>, _ kind: Kind, _ client: inout XFRMClient) throws {
    let changes = numbers.lazy
    switch kind {
    case .policies: try client.perform(changes.map { .addPolicy(policy($0)) }).check()
    case .associations:
      try client.perform(changes.map { .addAssociation(association($0)) }).check()
    }
  }

  static func remove(_ numbers: Range<UInt32>, _ kind: Kind, _ client: inout XFRMClient) throws {
    let changes = numbers.lazy
    switch kind {
    case .policies: try client.perform(changes.map { .deletePolicy(policy($0).key) }).check()
    case .associations:
      try client.perform(changes.map { .deleteAssociation(association($0).id) }).check()
    }
  }
}

enum Failure: Error {
  case usage
  case refused
  case listed(Int)
  case unreadable(String)
}

extension BatchResult {
  func check() throws {
    guard isAccepted else { throw Failure.refused }
  }
}
