/// The programs that run on a host: `/proc`.
struct RunningProcesses: Sendable {
  /// The first 15 characters of each program's name, by process ID.
  private(set) var names: [Int32: String] = [:]
  /// Whether those of the whole machine are among them: the first one is seen, by somebody who is
  /// in no PID namespace of a container.
  private(set) var isWholeMachine = false
  /// The kernel's own first PID namespace has a fixed number.
  static let firstNamespace = "pid:[4026531836]"

  /// Those of a name.
  func identifiers(of name: String) -> [Int32] {
    names.filter { $0.value == name }.keys.sorted()
  }
}

extension RunningProcesses {
  init(_ tree: FileTree) {
    // Without a list nothing is known to run. A process may end meanwhile.
    let entries = (try? tree.names(in: "/proc")) ?? nil
    for identifier in (entries ?? []).compactMap({ Int32($0) }) {
      if let name = (try? tree.line("/proc/\(identifier)/comm")) ?? nil { names[identifier] = name }
    }
    let namespace = (try? tree.link("/proc/self/ns/pid")) ?? nil
    isWholeMachine = names[1] != nil && namespace == Self.firstNamespace
  }
}
