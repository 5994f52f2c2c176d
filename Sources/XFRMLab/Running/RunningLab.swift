internal import Glibc
internal import StructuredText
public import XFRMKit

/// A lab that a process of this user holds.
public struct RunningLab: Sendable {
  public let name: String
  /// The process that it vanishes with.
  public let process: Int32
  /// What was built; `nil` while that is not done.
  public private(set) var topology: Topology?
  /// What the kernel could not do.
  public private(set) var notes: [String] = []
  /// The tunnels that have no SAs, as the kernel lacks what they take.
  public private(set) var unprotected: Set<String> = []
  private var namespaces: [(node: String, descriptor: Int32, inode: UInt64)] = []

  /// Those that there are, by name.
  public static func all() -> [RunningLab] {
    Processes.own.flatMap { held(by: $0) }.sorted { ($0.name, $0.process) < ($1.name, $1.process) }
  }

  private static func held(by process: Int32) -> [RunningLab] {
    let folder = "/proc/\(process)/fd"
    let start = "/memfd:\(LabBeacon.prefix)"
    return FileNames.list(folder).compactMap { descriptor in
      guard let target = Processes.target("\(folder)/\(descriptor)"), target.hasPrefix(start),
        isHeld("\(folder)/\(descriptor)"), isOurs("\(folder)/\(descriptor)")
      else { return nil }
      // Every process can give its files a name, and none that it likes is to be printed.
      let words = target.dropFirst(start.count).split(separator: " ", maxSplits: 1)
      guard let name = words.first.map(String.init), LabFile.isName(name) else { return nil }
      var lab = RunningLab(name: name, process: process)
      // A process that ends meanwhile has no lab.
      guard let text = try? kernelText(at: "\(folder)/\(descriptor)") else { return nil }
      lab.read(text)
      return lab
    }
  }

  /// Whether an open file is one's own, and not another's that is just being read, as here: those
  /// that read cannot write, which the link tells.
  private static func isHeld(_ link: String) -> Bool {
    var status = stat()
    // Sound: path and status outlive the call.
    return unsafe lstat(link, &status) == 0 && status.st_mode & S_IWUSR != 0
  }

  /// Whether this user has made a file: a program may run with more rights than whoever has started
  /// it, and left it a file that looks like a lab.
  private static func isOurs(_ path: String) -> Bool {
    var status = stat()
    // Sound: path and status outlive the call.
    return unsafe stat(path, &status) == 0 && status.st_uid == geteuid()
      && status.st_mode & S_IFMT == S_IFREG && status.st_size <= YAMLReader.mostBytes
  }

  private init(name: String, process: Int32) {
    self.name = name
    self.process = process
  }

  private mutating func read(_ text: String) {
    var diagnostics = Diagnostics()
    guard let tree = YAMLReader.read(Array(text.utf8), of: name, &diagnostics),
      let topology = tree["topology"]
    else { return }
    var checker = ShapeChecker(diagnostics)
    // Whoever wrote it may be no xfrmctl.
    guard let fitting = checker.fitting(topology, LabVocabulary.file, of: "the lab"),
      !checker.diagnostics.hasErrors
    else { return }
    var reader = LabReader(checker.diagnostics)
    let built = reader.topology(fitting, named: name)
    self.topology = built
    notes = tree.list("notes").compactMap(\.text)
    unprotected = Set(tree.list("unprotected").compactMap(\.text))
    namespaces = tree.list("namespaces").compactMap { node in
      guard let name = node.text("node"), let descriptor: Int32 = node.number("descriptor"),
        let inode: UInt64 = node.number("inode"), built[name] != nil
      else { return nil }
      return (name, descriptor, inode)
    }
  }

  /// The names of its nodes.
  public var nodes: [String] { namespaces.map(\.node) }

  /// The network namespace of a node.
  ///
  /// - Parameter node: The node's name.
  public func namespace(of node: String) throws(LabError) -> NetworkNamespace {
    guard topology != nil else { throw .beingBuilt(name) }
    guard let wanted = namespaces.first(where: { $0.node == node }) else {
      let help = Spelling.help(for: node, among: nodes, "nodes of \(name)")
      throw .scenario("\(name) has no node \(Discretion.quoted(node)); \(help)")
    }
    let path = "/proc/\(process)/fd/\(wanted.descriptor)"
    // Anything else is not even opened.
    guard Processes.target(path) == "net:[\(wanted.inode)]" else {
      throw .system("enter \(node)", .noSuchProcess)
    }
    let namespace = try attempt("enter \(node)") { () throws(NetlinkError) in
      try NetworkNamespace(path: path)
    }
    // The process may be another one by now, or have ended.
    guard namespace.inode == wanted.inode else {
      throw .system("enter \(node)", .noSuchProcess)
    }
    return namespace
  }

  /// Whether it is still there.
  private var isHeld: Bool { Self.held(by: process).contains { $0.name == name } }

  /// Ends it: what runs in its namespaces, and the process that holds it.
  public func end() throws(LabError) {
    guard let holder = try OpenProcess(process), isHeld else { return }
    do throws(LabError) {
      try Processes.end(in: nodes.map { (node) throws(LabError) in try namespace(of: node) })
    } catch {
      guard case .system(_, .noSuchProcess) = error, !isHeld else { throw error }
      // It has just gone by itself, or somebody else has taken it down.
      return
    }
    try holder.end(patience: 10_000).check("process \(process), which holds \(name)")
  }
}
