/// Everything that the host's files say about its kernel's modules.
struct ModuleInventory: Sendable {
  /// `nil` if the kernel does not show a list of them.
  var loaded: LoadedModules?
  /// Whether the kernel can load modules at all; `nil` if that is not known.
  var isModular: Bool?
  var index: ModuleIndex
  var configuration: KernelConfiguration?
  var policy = ModprobePolicy()
  var autoload = Autoload()
  /// Modules that the kernel lists below `/sys/module`, and whether they were loaded.
  private var listed: [String: Bool] = [:]

  func condition(of module: KernelModule) -> ModuleCondition {
    let block = policy.block(of: module)
    var condition = ModuleCondition(
      module: module, state: .unknown, block: block,
      configuration: configuration?.line(module.option), evidence: [])
    if let configuration {
      condition.evidence.append(Evidence(configuration.source, configuration.line(module.option)))
    }
    let (state, source, answer) = state(of: module, block: block)
    condition.state = state
    condition.evidence.insert(Evidence(source, answer), at: 0)
    if let block { condition.evidence.append(Evidence(block.location, block.text)) }
    return condition
  }

  private func state(
    of module: KernelModule, block: ModuleBlock?
  ) -> (ModuleState, source: String, answer: String) {
    let name = module.name
    if loaded?.names.contains(name) == true {
      return (.loaded, "/proc/modules", "lists \(name)")
    }
    if let wasLoaded = listed[name] {
      // What was loaded has a state there; what is built in has parameters at most.
      return (wasLoaded ? .loaded : .builtIn, "/sys/module/\(name)", "is there")
    }
    if index.builtIn?.contains(name) == true {
      return (.builtIn, "\(index.directory)/modules.builtin", "lists \(name)")
    }
    let configured = configuration?[module.option]
    if let configuration, configured == .builtIn {
      return (.builtIn, configuration.source, configuration.line(module.option))
    }
    guard isModular != false else {
      return (
        configured == nil ? .unknown : .missing, "/proc/modules",
        "is not there: this kernel cannot load modules"
      )
    }
    guard index.exists else {
      return (configured == nil ? .unknown : .missing, index.directory, "does not exist")
    }
    guard let files = index.files else {
      return (configured == .notSet ? .missing : .unknown, index.dependencies, "does not exist")
    }
    guard let path = files[name] else {
      let isKnown = configuration != nil || index.builtIn != nil
      return (isKnown ? .missing : .unknown, index.dependencies, "does not list \(name)")
    }
    guard present.contains(path) else {
      return (.missing, index.dependencies, "lists \(path), which does not exist")
    }
    let state: ModuleState =
      if block != nil {
        .blocked(path: path)
      } else if policy.unreadable.isEmpty {
        .loadable(path: path)
      } else {
        .onDisk(path: path)
      }
    return (state, index.dependencies, "lists \(path)")
  }

  /// Whether no request can make the kernel load a module.
  var isClosed: Bool { isModular == false || autoload.isDisabled || autoload.program == "" }

  /// The files of the index that are really there, of the modules that matter.
  private var present: Set<String> = []
}

/// How the kernel gets itself a module that it lacks.
struct Autoload: Hashable, Sendable {
  /// The program that it starts, `kernel.modprobe`; empty if it starts none, `nil` if not known.
  var program: String?
  var programExists = true
  /// `kernel.modules_disabled`: until the next boot nothing can be loaded by anybody.
  var isDisabled = false
}

extension ModuleIndex {
  var dependencies: String { "\(directory)/modules.dep" }
}

extension ModuleInventory {
  /// Reads what there is to read.
  ///
  /// - Parameter failures: Files that are there but cannot be read are added to these; what they
  ///   would have told is then unknown.
  init(_ tree: FileTree, release: String, failures: inout [FileError]) {
    loaded = failures.collect { () throws(FileError) in try LoadedModules(tree) }
    isModular = loaded != nil ? true : tree.exists("/proc/version") ? false : nil
    index =
      failures.collect { () throws(FileError) in try ModuleIndex(tree, release: release) }
      ?? ModuleIndex(
        directory: "\(ModuleIndex.homes[0])/\(release)", exists: false, otherReleases: [])
    configuration = KernelConfiguration(tree, release: release, failures: &failures)
    policy = ModprobePolicy(tree)
    failures += policy.unreadable
    autoload = failures.collect { () throws(FileError) in try Autoload(tree) } ?? Autoload()
    listed = Self.listed(tree)
    for module in KernelModule.known {
      if let path = index.files?[module.name], tree.exists(path) { present.insert(path) }
    }
  }

  private static func listed(_ tree: FileTree) -> [String: Bool] {
    var listed: [String: Bool] = [:]
    for module in KernelModule.known {
      let directory = "/sys/module/\(module.name)"
      if tree.exists(directory) { listed[module.name] = tree.exists("\(directory)/initstate") }
    }
    return listed
  }

  /// Reads again what loading a module changes.
  mutating func refresh(_ tree: FileTree) throws(FileError) {
    listed = Self.listed(tree)
    loaded = try LoadedModules(tree)
  }
}

extension Autoload {
  init(_ tree: FileTree) throws(FileError) {
    program = try tree.line("/proc/sys/kernel/modprobe")
    if let program, !program.isEmpty { programExists = tree.exists(program) }
    isDisabled = try tree.line("/proc/sys/kernel/modules_disabled") == "1"
  }
}

extension [FileError] {
  /// Reads something; a failure is kept here.
  @discardableResult
  mutating func collect<Value>(_ read: () throws(FileError) -> Value?) -> Value? {
    do {
      return try read()
    } catch {
      append(error)
      return nil
    }
  }
}
