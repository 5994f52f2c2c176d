/// Everything that the host's files say about its kernel's modules.
struct ModuleInventory: Sendable {
  /// `nil` if the kernel does not show a list of them.
  var loaded: LoadedModules?
  /// Whether the kernel can load modules at all; `nil` if that is not known.
  var isModular: Bool?
  var index: ModuleIndex
  var configuration: KernelConfiguration?
  var policy = ModprobePolicy()
  var commandLine = KernelCommandLine("")
  var autoload = Autoload()
  var signing = ModuleSigning()
  var tool: ModuleTool?
  var boot = BootModules()
  var algorithms = RegisteredAlgorithms("")
  /// Whether the files are a container's, and not those of the machine whose kernel it is.
  private let isContained: Bool
  /// Modules that the kernel lists below `/sys/module`, and whether they were loaded.
  private var listed: [String: Bool] = [:]
  /// The files of the index that are really there, of the modules that matter.
  private var present: Set<String> = []

  /// Whether no request can make the kernel load a module.
  var isClosed: Bool { isModular == false || autoload.isDisabled || autoload.program == "" }

  /// Whether the kernel would load a module from files of the machine that are not seen here.
  var filesAreElsewhere: Bool { isContained && isModular != false && !autoload.isStopped }

  /// What keeps a module from being loaded, the strongest first.
  ///
  /// - Parameter isNamed: Whether it is asked for by its name, and not by one of the kernel's for it.
  func block(of module: KernelModule, isNamed: Bool = false) -> ModuleBlock? {
    let booted = commandLine.block(of: module.name)
    guard booted?.kind != .commandLine else { return booted }
    return policy.block(of: module, isNamed: isNamed) ?? booted
  }

  func condition(of module: KernelModule) -> ModuleCondition {
    let block = block(of: module)
    var condition = ModuleCondition(
      module: module, state: .unknown, block: block,
      configuration: configuration?.line(module.option), evidence: [])
    condition.blockByName = self.block(of: module, isNamed: true)
    if let configuration {
      condition.evidence.append(Evidence(configuration.source, configuration.line(module.option)))
    }
    let standing =
      self.presence(of: module) ?? self.absence(of: module)
      ?? self.file(of: module, isBlocked: block != nil)
    condition.state = standing.state
    condition.provider = standing.provider
    condition.evidence.insert(Evidence(standing.source, standing.answer), at: 0)
    if let block { condition.evidence.append(Evidence(block.location, block.text)) }
    return condition
  }
}

// MARK: - Where a module stands

/// What was found out, and from what.
private struct Standing {
  var state: ModuleState
  var provider: String?
  var source: String
  var answer: String

  init(_ state: ModuleState, _ source: String, _ answer: String, provider: String? = nil) {
    self.state = state
    self.source = source
    self.answer = answer
    self.provider = provider
  }
}

extension ModuleInventory {
  /// Other modules for the same algorithm, such as those for some processors.
  private func twins(of module: KernelModule) -> [String] {
    guard module.isAlgorithm else { return [] }
    // Kernels rename files: sha256_generic is sha256 since 6.16.
    let names = [module.label] + module.aliases.flatMap { index.providers[$0] ?? [] }.sorted()
    return names.filter { $0 != module.name }
  }

  /// `nil` if it is not known to be in the running kernel.
  private func presence(of module: KernelModule) -> Standing? {
    for name in [module.name] + twins(of: module) {
      let provider = name == module.name ? nil : name
      if loaded?.names.contains(name) == true {
        return Standing(.loaded, "/proc/modules", "lists \(name)", provider: provider)
      }
      if let wasLoaded = listed[name] {
        // What was loaded has a state there; what is built in has parameters at most.
        return Standing(
          wasLoaded ? .loaded : .builtIn, "/sys/module/\(name)", "is there", provider: provider)
      }
      if index.builtIn?.contains(name) == true {
        return Standing(
          .builtIn, "\(index.directory)/modules.builtin", "lists \(name)", provider: provider)
      }
    }
    if let configuration, configuration[module.option] == .builtIn {
      return Standing(.builtIn, configuration.source, configuration.line(module.option))
    }
    guard module.isAlgorithm, let provider = algorithms.modules[module.label] else { return nil }
    return Standing(
      provider == "kernel" ? .builtIn : .loaded, "/proc/crypto",
      "has \(module.label), from \(provider)", provider: provider == "kernel" ? nil : provider)
  }

  /// Why there is no use in looking for its file; `nil` if there is.
  private func absence(of module: KernelModule) -> Standing? {
    let configured = configuration?[module.option]
    guard isModular != false else {
      return Standing(
        configured == nil ? .unknown : .missing, "/proc/modules",
        "is not there: this kernel cannot load modules")
    }
    guard index.exists else {
      let isKnown = configured == .notSet || configured != nil && !filesAreElsewhere
      return Standing(isKnown ? .missing : .unknown, index.directory, "does not exist")
    }
    guard index.files != nil else {
      return Standing(
        configured == .notSet ? .missing : .unknown, index.dependencies, "does not exist")
    }
    return nil
  }

  private func file(of module: KernelModule, isBlocked: Bool) -> Standing {
    let files = index.files ?? [:]
    let names = [module.name] + twins(of: module)
    let existing = names.first { files[$0].map(present.contains) ?? false }
    guard let name = existing ?? names.first(where: { files[$0] != nil }), let path = files[name]
    else {
      let isKnown = configuration != nil || index.builtIn != nil
      return Standing(
        isKnown ? .missing : .unknown, index.dependencies, "does not list \(module.name)")
    }
    guard existing != nil else {
      return Standing(.missing, index.dependencies, "lists \(path), which does not exist")
    }
    let state: ModuleState =
      if isBlocked {
        .blocked(path: path)
      } else if policy.unreadable.isEmpty {
        .loadable(path: path)
      } else {
        .onDisk(path: path)
      }
    return Standing(
      state, index.dependencies, "lists \(path)", provider: name == module.name ? nil : name)
  }
}

// MARK: - Reading

extension ModuleInventory {
  /// Reads what there is to read.
  ///
  /// - Parameters:
  ///   - isContained: Whether the files are a container's.
  ///   - failures: Files that are there but cannot be read are added to these; what they would have
  ///     told is then unknown.
  init(
    _ tree: FileTree, release: String, isContained: Bool = false, failures: inout [FileError]
  ) {
    self.isContained = isContained
    loaded = failures.collect { () throws(FileError) in try LoadedModules(tree) }
    isModular = loaded != nil ? true : tree.exists("/proc/version") ? false : nil
    index =
      failures.collect { () throws(FileError) in try ModuleIndex(tree, release: release) }
      ?? ModuleIndex(
        directory: "\(ModuleIndex.homes[0])/\(release)", exists: false, otherReleases: [])
    configuration = KernelConfiguration(tree, release: release, failures: &failures)
    policy = ModprobePolicy(tree)
    failures += policy.unreadable
    commandLine =
      failures.collect { () throws(FileError) in try KernelCommandLine(tree) }
      ?? KernelCommandLine("")
    autoload =
      failures.collect { () throws(FileError) in try Autoload(tree, isContained: isContained) }
      ?? Autoload()
    signing = ModuleSigning(tree, commandLine, configuration, failures: &failures)
    tool = ModuleTool(tree)
    boot = BootModules(tree, commandLine, failures: &failures)
    algorithms =
      failures.collect { () throws(FileError) in try RegisteredAlgorithms(tree) }
      ?? RegisteredAlgorithms("")
    list(tree)
    for name in names {
      if let path = index.files?[name], tree.exists(path) { present.insert(path) }
    }
  }

  /// The names of everything that matters.
  private var names: Set<String> {
    Set(KernelModule.known.flatMap { [$0.name] + twins(of: $0) })
  }

  private mutating func list(_ tree: FileTree) {
    listed = [:]
    for name in names {
      let directory = "/sys/module/\(name)"
      if tree.exists(directory) { listed[name] = tree.exists("\(directory)/initstate") }
    }
  }

  /// Reads again what loading a module changes.
  mutating func refresh(_ tree: FileTree) throws(FileError) {
    list(tree)
    loaded = try LoadedModules(tree)
    algorithms = try RegisteredAlgorithms(tree)
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
