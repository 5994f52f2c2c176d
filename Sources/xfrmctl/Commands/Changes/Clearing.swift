import ArgumentParser
import Glibc
import IPRoute2
import XFRMKit

/// A command that deletes many objects at once: it tells which, and asks where nothing narrows them
/// down.
protocol ClearingCommand: GrammarCommand {
  var options: ClearingOptions { get }
}

struct ClearingOptions: ParsableArguments {
  @OptionGroup var change: ChangeOptions

  @Flag(name: .shortAndLong, help: "Do not ask.")
  var yes = false
}

extension ClearingCommand {
  func run() throws {
    let command = try parsed(options.change.namespace).command
    if options.change.onlyTells {
      if options.change.dryRun {
        try Terminal.print("would delete \(try inventory(command)); nothing was sent")
      } else {
        try ChangeReport(command, options.change).print()
      }
      return
    }
    if command.isUnscoped, !options.yes {
      let inventory = try inventory(command)
      guard isatty(STDIN_FILENO) == 1 else {
        throw Failure("this would delete \(inventory): say --yes, or which ones", .usage)
      }
      guard Terminal.asks("Delete \(inventory)?") else {
        throw Failure("nothing was done", .failed)
      }
    }
    try Change(command, options.change).carryOut()
  }

  private func inventory(_ command: IPCommand) throws(Failure) -> String {
    var xfrm = try options.change.namespace.connect()
    do throws(XFRMError) {
      switch command {
      case .association(.flush(let proto)):
        var query = AssociationQuery()
        query.proto = proto == .any ? nil : proto
        return Inventory.text(try xfrm.associations(meantBy: query))
      case .association(.deleteAll(let query)):
        return Inventory.text(
          try xfrm.associations(meantBy: query).filter { query.isDeletable($0) })
      case .policy(.flush(let kind)):
        var query = PolicyQuery()
        query.kind = kind
        return Inventory.text(try xfrm.policies().filter { query.isDeletable($0) })
      case .policy(.deleteAll(let query)):
        return Inventory.text(try xfrm.policies().filter { query.isDeletable($0) })
      default: return "nothing"
      }
    } catch {
      throw Failure(error)
    }
  }
}

/// How many objects there are, and whose, as far as their request IDs tell.
enum Inventory {
  static func text(_ associations: [SecurityAssociation]) -> String {
    text(associations.count, "SA", "SAs", associations.map(\.requestID))
  }

  static func text(_ policies: [Policy]) -> String {
    text(policies.count, "policy", "policies", policies.map { $0.templates.first?.requestID ?? 0 })
  }

  private static func text(_ count: Int, _ one: String, _ many: String, _ owners: [UInt32])
    -> String
  {
    guard count > 0 else { return "no \(many)" }
    let counts = Dictionary(owners.map { ($0, 1) }, uniquingKeysWith: +)
    let parts = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4).map {
      "\(Text.count(UInt64($0.value))) of reqid \($0.key)"
    }
    let rest = counts.count > 4 ? ", …" : ""
    return "\(Text.count(UInt64(count))) \(count == 1 ? one : many) "
      + "(\(parts.joined(separator: ", "))\(rest))"
  }
}

extension IPCommand {
  /// Whether nothing says which objects are meant.
  fileprivate var isUnscoped: Bool {
    switch self {
    case .association(.flush), .policy(.flush): true
    case .association(.deleteAll(let query)): query.meansAll
    case .policy(.deleteAll(let query)): query.meansAll
    default: false
    }
  }
}

extension State {
  struct DeleteAll: ClearingCommand {
    static let verb = ["state", "deleteall"]
    static let configuration = CommandConfiguration(
      commandName: "deleteall", abstract: "Delete the security associations that are meant.",
      usage: "xfrmctl state deleteall [options] [<words> ...]",
      discussion: """
        Words say which, as for list. Without any it asks first.

        Examples:
          xfrmctl state deleteall reqid 7
          xfrmctl state deleteall dst 192.0.2.2 proto esp --dry-run
        """)

    @OptionGroup var options: ClearingOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct Flush: ClearingCommand {
    static let verb = ["state", "flush"]
    static let configuration = CommandConfiguration(
      commandName: "flush", abstract: "Delete every security association, whoever added it.",
      usage: "xfrmctl state flush [options] [<words> ...]",
      discussion: """
        It asks first, or wants --yes; deleteall can be told which.

        Examples:
          xfrmctl state flush
          xfrmctl state flush proto esp --yes
        """)

    @OptionGroup var options: ClearingOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }
}

extension PolicyCommand {
  struct DeleteAll: ClearingCommand {
    static let verb = ["policy", "deleteall"]
    static let configuration = CommandConfiguration(
      commandName: "deleteall", abstract: "Delete the policies that are meant.",
      usage: "xfrmctl policy deleteall [options] [<words> ...]",
      discussion: """
        Words say which, as for list. Without any it asks first. Traffic that they
        protected may go in clear then.

        Examples:
          xfrmctl policy deleteall reqid 7
          xfrmctl policy deleteall dir out priority 5 --dry-run
        """)

    @OptionGroup var options: ClearingOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }

  struct Flush: ClearingCommand {
    static let verb = ["policy", "flush"]
    static let configuration = CommandConfiguration(
      commandName: "flush", abstract: "Delete every policy of a type, whoever added it.",
      usage: "xfrmctl policy flush [options] [<words> ...]",
      discussion: """
        It asks first, or wants --yes; deleteall can be told which. Traffic that
        they protected may go in clear then.

        Examples:
          xfrmctl policy flush
          xfrmctl policy flush ptype sub --yes
        """)

    @OptionGroup var options: ClearingOptions
    @Argument(parsing: .allUnrecognized, help: wordsHelp, completion: wordsCompletion)
    var words: [String] = []
  }
}
