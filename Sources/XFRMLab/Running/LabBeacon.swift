internal import CNetlink
internal import Glibc
internal import StructuredText
internal import XFRMKit

/// Makes a lab known to other processes, for as long as this one has it.
///
/// It is a file in memory: what is known of a lab vanishes with its process, as the lab itself does,
/// and nobody has to clean up. No key is in it.
public struct LabBeacon: ~Copyable, Sendable {
  /// What the files are called, before the lab's name.
  static let prefix = "xfrmlab:"
  private let descriptor: Int32
  private let name: String

  /// Takes a name for a lab that is about to be built.
  ///
  /// - Parameter name: What it is called.
  /// - Throws: If another lab of this user has that name, or no lab can.
  public init(_ name: String) throws(LabError) {
    guard LabFile.isName(name) else {
      throw .scenario("no lab can be called \(Discretion.quoted(name))")
    }
    try self.init(unchecked: name)
  }

  /// Takes a name that nobody may take a lab for.
  init(unchecked name: String) throws(LabError) {
    self.name = name
    // Sound: the name outlives the call.
    descriptor = unsafe cnl_memory_file(Self.prefix + name)
    guard descriptor >= 0 else {
      throw .system("make a file in memory", SystemErrno(-descriptor))
    }
    // Looked for after the own one is there: of two at the same time none goes on, rather than both.
    if let other = RunningLab.all().first(where: { $0.name == name && $0.process != getpid() }) {
      throw .nameTaken(name, process: other.process)
    }
  }

  deinit { close(descriptor) }

  /// Tells what was built.
  ///
  /// - Parameter lab: What others may enter.
  public func publish(_ lab: borrowing Lab) throws(LabError) {
    let nodes = try lab.topology.machines.map { (machine) throws(LabError) in
      let namespace = try lab.node(machine.name).namespace
      return YAMLNode([
        ("node", YAMLNode(text: machine.name)), ("descriptor", YAMLNode(namespace.descriptor)),
        ("inode", YAMLNode(namespace.inode)),
      ])
    }
    let tree = YAMLNode([
      ("namespaces", YAMLNode(nodes)), ("notes", YAMLNode(lab.notes.map { YAMLNode(text: $0) })),
      ("unprotected", YAMLNode(lab.unprotected.sorted().map { YAMLNode(text: $0) })),
      ("topology", lab.topology.tree),
    ])
    let bytes = Array(YAMLWriter.text(tree).utf8)
    // Sound: the bytes outlive the call.
    guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else {
      throw .system("write down what \(name) is", .current)
    }
  }
}
