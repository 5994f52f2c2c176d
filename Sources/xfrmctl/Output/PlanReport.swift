import XFRMConfig

/// A plan for people: a line for each step, in 80 columns.
struct PlanReport {
  private static let width = 80

  let prepared: PreparedPlan
  let configuration: ManagedConfiguration

  private var plan: Plan { prepared.plan }

  /// What is to be done and what is left alone, or that there is nothing to do.
  var text: String {
    var blocks: [[String]] = []
    if let target = prepared.unfinished {
      blocks.append(
        Text.wrap(
          "An earlier run was cut short on its way to configuration #\(target); this one goes on "
            + "from where the kernel is.", width: Self.width))
    }
    if plan.isEmpty {
      blocks.append([nothing])
    } else {
      blocks.append([heading])
      blocks.append(steps)
      blocks.append(verdict)
    }
    blocks.append(notes)
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n")
  }

  private var nothing: String {
    configuration.recorded.guardsOnly
      ? "nothing to do: the guards are there, or more than guards is"
      : "nothing to do: the kernel is as \(configuration.name) has it"
  }

  private var heading: String {
    let counts =
      "\(plan.count(of: .add)) to add, \(plan.count(of: .change)) to change, "
      + "\(plan.count(of: .remove)) to remove"
    let place = configuration.state.namespace.map { ", namespace \($0)" } ?? ""
    let parts = [
      "Plan \(prepared.marks.steps)", "\(configuration.recorded.host)\(place)",
      configuration.name, counts,
    ]
    let text = Text.flow(parts, width: Self.width).joined(separator: "\n")
    return Style.bold(parts[0]) + text.dropFirst(parts[0].count)
  }

  private var steps: [String] {
    let numberWidth = max(2, "\(plan.steps.count)".count)
    let nameWidth = min(34, plan.steps.map { "\($0.object)".count }.max() ?? 0)
    var lines = plan.steps.enumerated().flatMap { index, step in
      line(step, Text.padLeft("\(index + 1)", numberWidth), nameWidth)
    }
    let blank = String(repeating: " ", count: numberWidth)
    lines += plan.foreign.map { foreign in
      Style.dim(
        " \(blank) =  \(foreign.owner): \(Text.count(foreign.associations)) SAs, "
          + "\(Text.count(foreign.policies)) policies, not touched")
    }
    return lines
  }

  /// ` 1 + policy    name   why   effect`
  private func line(_ step: PlanStep, _ number: String, _ nameWidth: Int) -> [String] {
    let name = "\(step.object)"
    let head = " \(number) \(step.change.symbol) \(Text.pad(step.kind, 9)) "
    let effect = step.effect.word
    let room = max(
      16, Self.width - head.count - nameWidth - 2 - (effect.isEmpty ? 0 : effect.count + 2))
    let why = [step.detail, step.key.map { "key \($0)" }, step.reason].compactMap { $0 }.joined(
      separator: ", ")
    // A name that is longer than its column has a line of its own.
    let isLong = name.count > nameWidth
    var rest = Text.wrap(why, width: room)
    let first = isLong ? "" : rest.isEmpty ? "" : rest.removeFirst()
    let tail = effect.isEmpty ? "" : "  " + step.effect.styled
    var lines = [
      isLong
        ? head + name
        : head + Text.pad(name, nameWidth) + "  "
          + (effect.isEmpty ? first : Text.pad(first, room)) + tail
    ]
    let indent = String(repeating: " ", count: head.count + nameWidth + 2)
    lines += rest.enumerated().map { index, text in
      isLong && index == 0 && !effect.isEmpty
        ? indent + Text.pad(text, room) + tail : indent + text
    }
    return lines
  }

  private var verdict: [String] {
    let exposing = plan.steps.indices.filter { plan.steps[$0].effect == .cleartext }
    guard let first = exposing.first else {
      return [Style.green("No packet can leave in clear at any step.")]
    }
    let names = Set(exposing.map { plan.steps[$0].object.entry }).sorted()
    return Text.wrap(
      "Packets that were protected or dropped may be seen in clear from step \(first + 1) on, as "
        + "was allowed for \(names.joined(separator: ", ")).", width: Self.width
    ).map { Style.red($0) }
  }

  private var notes: [String] {
    (plan.warnings + configuration.state.watermarks).flatMap {
      Text.wrap("warning: \($0)", width: Self.width)
    }
  }
}

extension PlanStep.Change {
  fileprivate var symbol: String {
    switch self {
    case .add: Style.green("+")
    case .change: Style.yellow("~")
    case .remove: Style.red("-")
    case .none: " "
    }
  }
}

extension PlanStep.Effect {
  fileprivate var word: String {
    switch self {
    case .none: ""
    case .switch: "switch"
    case .interrupts: "interrupts"
    case .cleartext: "CLEARTEXT"
    }
  }

  fileprivate var styled: String {
    switch self {
    case .none: ""
    case .switch: Style.cyan(word)
    case .interrupts: Style.yellow(word)
    case .cleartext: Style.red(word)
    }
  }
}
