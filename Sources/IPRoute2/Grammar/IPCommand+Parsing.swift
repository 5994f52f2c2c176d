public import Netlink
public import XFRMKit

extension IPCommand {
  /// A command, and what its words had in them that should not stand there.
  public struct Parsed: Equatable, Sendable {
    /// What is asked for.
    public var command: IPCommand
    /// Whether a key stood in the words, where everybody on the host can read it while the tool
    /// runs.
    public var hasLiteralKey: Bool
  }

  /// Reads the words behind `xfrm`: `state add src …`.
  ///
  /// - Parameters:
  ///   - words: The words; those before `start` are passed over.
  ///   - start: Where the object, such as `state`, stands. Errors count words from the first.
  ///   - dialect: Whose language it is.
  ///   - family: Of `-4`, `-6` or `-f`.
  ///   - context: What the words refer to.
  public static func parse(
    _ words: [String], from start: Int = 0, dialect: Dialect,
    family: AddressFamily = .unspecified, context: GrammarContext
  ) throws(SyntaxError) -> Parsed {
    var parser = CommandParser(
      words, from: start, dialect: dialect, context: context, family: family)
    let command = try parser.command()
    return Parsed(command: command, hasLiteralKey: parser.hasLiteralKey)
  }

  /// The change that it is; `nil` for questions, for `replace` and `deleteall`, which are more than
  /// one change, and for `allocspi`, which has an answer.
  public var operation: XFRMKit.Operation? {
    switch self {
    case .association(let command): command.operation
    case .policy(let command): command.operation
    case .monitor, .help: nil
    }
  }
}

extension AssociationCommand {
  fileprivate var operation: XFRMKit.Operation? {
    switch self {
    case .add(let association): .addAssociation(association)
    case .update(let association): .updateAssociation(association)
    case .delete(let id): .deleteAssociation(id)
    case .flush(let proto): .flushAssociations(proto)
    case .migrate(let migration): .migrate(migration)
    case .setCheckpoint(let checkpoint): .setCheckpoint(checkpoint)
    case .replace, .allocateSPI, .get, .list, .deleteAll, .count, .getCheckpoint: nil
    }
  }
}

extension PolicyCommand {
  fileprivate var operation: XFRMKit.Operation? {
    switch self {
    case .add(let policy): .addPolicy(policy)
    case .update(let policy): .updatePolicy(policy)
    case .delete(let key): .deletePolicy(key)
    case .flush(let kind): .flushPolicies(kind)
    case .setHashThresholds(let ipv4, let ipv6): .setHashThresholds(ipv4: ipv4, ipv6: ipv6)
    case .setDefaultActions(let actions): .setDefaultActions(actions)
    case .get, .list, .deleteAll, .count, .getDefaultActions: nil
    }
  }
}

extension AssociationQuery {
  /// As much of it as the kernel looks after by itself; the rest is for whoever reads its list.
  public var kernelFilter: AssociationFilter {
    var filter = AssociationFilter(proto ?? .any, source: source, destination: destination)
    filter.family = family
    return filter
  }
}
