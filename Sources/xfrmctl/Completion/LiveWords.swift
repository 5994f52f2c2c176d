import Glibc
import IPRoute2
import XFRMKit

/// What there is in the kernel that a word may name. What cannot be had, for lack of privilege or
/// of the namespace, is nothing: a shell has no place for an error.
enum LiveWords {
  /// The SAs that fit what the line says so far.
  static func associations(_ line: UnfinishedLine) -> [SecurityAssociation] {
    // As a list would be asked for; what a list does not know narrows nothing down.
    let words = ["state", "list"] + line.words.dropFirst(2).dropLast()
    var query = AssociationQuery()
    if case .association(.list(let said))? = parsed(words) { query = said }
    guard var xfrm = connect(line) else { return [] }
    return (try? xfrm.associations(meantBy: query)) ?? []
  }

  static func policies(_ line: UnfinishedLine) -> [Policy] {
    guard var xfrm = connect(line) else { return [] }
    return (try? xfrm.policies()) ?? []
  }

  /// Those of SAs, and those that policies ask for; 0 is none.
  static func requestIDs(_ line: UnfinishedLine) -> Set<UInt32> {
    guard var xfrm = connect(line) else { return [] }
    let associations = (try? xfrm.associations()) ?? []
    let policies = (try? xfrm.policies()) ?? []
    return Set(associations.map(\.requestID) + policies.flatMap(\.templates).map(\.requestID))
      .subtracting([0])
  }

  static func interfaces(_ line: UnfinishedLine) -> [String] {
    guard let name = line.namespace else { return interfaces }
    return (try? NetworkNamespace(name: name).run { () throws(NetlinkError) in interfaces }) ?? []
  }

  /// Those of the calling thread's namespace.
  private static var interfaces: [String] {
    // Sound: the list ends with an index of 0, and is given back.
    guard let list = unsafe if_nameindex() else { return [] }
    defer { unsafe if_freenameindex(list) }
    var names: [String] = []
    var next = unsafe list
    while unsafe next.pointee.if_index != 0 {
      names.append(unsafe String(cString: next.pointee.if_name))
      unsafe next += 1
    }
    return names
  }

  private static func connect(_ line: UnfinishedLine) -> XFRMClient? {
    guard let name = line.namespace else { return try? XFRMClient() }
    return try? XFRMClient(in: NetworkNamespace(name: name))
  }

  private static func parsed(_ words: [String]) -> IPCommand? {
    (try? IPCommand.parse(words, dialect: .xfrmctl, context: .live))?.command
  }
}
