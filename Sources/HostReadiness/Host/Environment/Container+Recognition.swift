extension Container {
  /// Recognises a container from its files; `nil` if there is no sign of one.
  ///
  /// - Parameter detector: Asked if the files show nothing.
  init?(
    _ tree: FileTree, release: String, _ detector: VirtualizationDetector
  ) throws(FileError) {
    let evidence = Self.openVZ(tree, release)
    if !evidence.isEmpty {
      self.init(
        kind: tree.exists("/etc/virtuozzo-release") ? .virtuozzo : .openVZ, evidence: evidence)
    } else if try Self.isMachine(tree) {
      return nil
    } else if let file = Self.files.first(where: { tree.exists($0.path) }) {
      self.init(kind: file.kind, evidence: [Evidence(file.path, "is there")])
    } else if let name = try tree.line("/run/systemd/container"),
      let kind = Kind(systemd: name, release: release)
    {
      self.init(kind: kind, evidence: [Evidence("/run/systemd/container", name)])
    } else if let sign = try Self.mount(tree) {
      self.init(kind: sign.kind, evidence: [sign.evidence])
    } else if let sign = try Self.group(tree) {
      self.init(kind: sign.kind, evidence: [sign.evidence])
    } else if let detected = detector.answer(to: .container),
      let kind = Kind(systemd: detected, release: release)
    {
      self.init(kind: kind, evidence: [Evidence("systemd-detect-virt", detected)])
    } else if let sign = try Self.variable(tree, release) {
      self.init(kind: sign.kind, evidence: [sign.evidence])
    } else {
      return nil
    }
  }

  /// Whether the process is in the kernel's own first namespaces, which have fixed numbers. No
  /// container is, whatever files of one an image has brought along.
  private static func isMachine(_ tree: FileTree) throws(FileError) -> Bool {
    let first = [
      "pid": RunningProcesses.firstNamespace, "uts": "uts:[4026531838]",
      "ipc": "ipc:[4026531839]",
    ]
    for (name, number) in first {
      guard try tree.link("/proc/self/ns/\(name)") == number else { return false }
    }
    return true
  }

  private typealias Sign = (kind: Kind, evidence: Evidence)

  /// What only one kind of container has. Kubernetes runs its pods in others' containers, so it
  /// comes first.
  private static let files: [(path: String, kind: Kind)] = [
    ("/run/secrets/kubernetes.io", .kubernetes),
    ("/var/run/secrets/kubernetes.io", .kubernetes),
    ("/dev/lxd/sock", .lxd), ("/dev/incus/sock", .lxd),
    ("/run/.containerenv", .podman), ("/.dockerenv", .docker),
  ]

  /// The kernel's own marks; those that the node itself has do not count.
  private static func openVZ(_ tree: FileTree, _ release: String) -> [Evidence] {
    guard !tree.exists("/proc/bc") else { return [] }
    let marks = ["/proc/vz", "/proc/user_beancounters"].filter(tree.exists)
    guard !marks.isEmpty else { return [] }
    return marks.map { Evidence($0, "is there") }
      + [Evidence("/proc/bc", "is not there"), Evidence("uname -r", release)]
  }

  /// Where the root directory's layers are kept.
  private static func mount(_ tree: FileTree) throws(FileError) -> Sign? {
    let file = "/proc/self/mountinfo"
    let stores: [(path: String, kind: Kind)] = [
      ("/docker/overlay2/", .docker), ("/containers/storage/overlay", .podman),
      ("/io.containerd.snapshotter.", .containerd),
    ]
    guard
      let line = try tree.text(file)?.lines.last(where: {
        $0.words.count > 4 && $0.words[4] == "/" && $0.contains(" overlay ")
      }), let store = stores.first(where: { line.contains($0.path) })
    else { return nil }
    return (store.kind, Evidence(file, "/ is an overlay of \(store.path)"))
  }

  /// The control group that the first process is in, where that is not hidden.
  private static func group(_ tree: FileTree) throws(FileError) -> Sign? {
    let file = "/proc/1/cgroup"
    let groups: [(path: String, kind: Kind)] = [
      ("/kubepods", .kubernetes), ("/docker/", .docker), ("/docker-", .docker),
      ("/libpod-", .podman), ("/lxc.payload", .lxc), ("/lxc/", .lxc),
    ]
    for line in try tree.text(file)?.lines ?? [] {
      let path = line.split(separator: ":", maxSplits: 2).last ?? ""
      if let group = groups.first(where: { path.contains($0.path) }) {
        return (group.kind, Evidence(file, String(path)))
      }
    }
    return nil
  }

  /// The first process's variable `container`. Only root may read it, and under systemd there is
  /// nothing to learn from it that would not stand in `/run/systemd/container`.
  private static func variable(_ tree: FileTree, _ release: String) throws(FileError) -> Sign? {
    guard !tree.exists("/run/systemd/system") else { return nil }
    let file = "/proc/1/environ"
    let variables = try tree.text(file)?.split(separator: "\0") ?? []
    if variables.contains(where: { $0.hasPrefix("KUBERNETES_SERVICE_HOST=") }) {
      return (.kubernetes, Evidence(file, "KUBERNETES_SERVICE_HOST is set"))
    }
    guard let value = variables.first(where: { $0.hasPrefix("container=") }),
      let kind = Kind(systemd: String(value.dropFirst(10)), release: release)
    else { return nil }
    return (kind, Evidence(file, String(value)))
  }
}
