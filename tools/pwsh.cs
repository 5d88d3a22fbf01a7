#!/usr/bin/env dotnet
// A console for the PowerShell engine from NuGet, for machines that have the .NET SDK and no PowerShell:
//
//     dotnet run tools/pwsh.cs script.ps1 argument -Name value
//
// It binds arguments, formats output and sets the exit code as `pwsh -File` and `pwsh -Command` do. Unlike pwsh it
// writes warnings and the verbose and debug streams to standard error: redirected output holds output and nothing else.
#:package System.Management.Automation@7.6.9
#:property PublishAot=false

using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

// The engine reads this when its first type is touched.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
try
{
    Arguments arguments = Arguments.Parse(args);
    if (arguments.Mode == Mode.Help)
    {
        Console.Out.WriteLine(Arguments.Help);
        return 0;
    }
    using Session session = new(arguments);
    return session.Run();
}
catch (UsageException misuse)
{
    Console.Error.WriteLine($"pwsh.cs: {misuse.Message}");
    return 64;
}

internal sealed class UsageException(string message) : Exception(message);

internal enum Mode
{
    Interactive,
    File,
    Command,
    Help,
}

/// <summary>The command line; options have pwsh's names and its usual short forms.</summary>
internal sealed class Arguments
{
    public const string Limits = "This console has only the engine's own commands; Get-Command lists them.";

    public const string Help = $"""
        Runs PowerShell scripts on the engine from NuGet, where no PowerShell is installed.
        {Limits}

        dotnet run tools/pwsh.cs [options] script.ps1 [arguments]   runs a script
        dotnet run tools/pwsh.cs -- -Command 'text'                 runs a command; - reads it from standard input
        dotnet run tools/pwsh.cs                                    asks for commands, in a terminal

        -File, -f; -Command, -c      as above; all that follows belongs to the script or command
        -NonInteractive, -noni       a question is an error
        -ExecutionPolicy, -ep        on Windows; RemoteSigned unless said otherwise
        -NoProfile, -NoLogo          accepted; there is neither
        -Help, -?                    this text

        Put -- before options that dotnet knows too, such as -c.
        Exit code: the script's own, 1 after an uncaught error, 130 after Ctrl+C, 64 when called wrongly.
        """;

    public Mode Mode { get; private set; } = Mode.Interactive;

    public bool NonInteractive { get; private set; }

    /// <summary>The command's text, or the script's full path.</summary>
    public string Target { get; private set; } = "";

    public List<CommandParameter> Parameters { get; } = [];

    public static Arguments Parse(string[] line)
    {
        Arguments arguments = new();
        for (int i = 0; i < line.Length && arguments.Mode == Mode.Interactive; i++)
        {
            string Next() => ++i < line.Length ? line[i] : throw new UsageException($"{line[i - 1]} needs a value");
            switch (line[i].ToLowerInvariant())
            {
                case "-noprofile" or "-nop" or "-nologo" or "-nol":
                    break;
                case "-noninteractive" or "-noni":
                    arguments.NonInteractive = true;
                    break;
                case "-executionpolicy" or "-ep" or "-ex":
                    Environment.SetEnvironmentVariable("PSExecutionPolicyPreference", Next());
                    break;
                case "-command" or "-c":
                    arguments.Mode = Mode.Command;
                    arguments.Target = Next() == "-" ? Console.In.ReadToEnd() : string.Join(' ', line[i..]);
                    break;
                case "-file" or "-f":
                    arguments.SetScript(Next(), line[(i + 1)..]);
                    break;
                case "-help" or "--help" or "-h" or "-?":
                    arguments.Mode = Mode.Help;
                    break;
                case ['-', ..]:
                    throw new UsageException($"{line[i]} is not an option; -Help lists them");
                default:
                    arguments.SetScript(line[i], line[(i + 1)..]);
                    break;
            }
        }
        return arguments;
    }

    private void SetScript(string path, string[] rest)
    {
        Mode = Mode.File;
        Target = Path.GetFullPath(path);
        if (!File.Exists(Target) || !Target.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"there is no script {Target} (a script is a file whose name ends in .ps1)");
        }
        Parameters.AddRange(rest.Select(ToParameter));
    }

    /// <summary>A value, or a name, which the engine joins with the value behind it.</summary>
    private static CommandParameter ToParameter(string argument)
    {
        if (argument is not ['-', _, ..])
        {
            return new CommandParameter(null, argument);
        }
        if (argument.Split(':', 2) is not [string name, { Length: > 0 } value])
        {
            return new CommandParameter(argument.TrimEnd(':'));
        }
        // The engine takes no string for a switch, so -Flag:$false has to become a Boolean here.
        return new CommandParameter(name, value.ToUpperInvariant() switch
        {
            "$TRUE" => true,
            "$FALSE" => false,
            _ => value,
        });
    }
}

/// <summary>The runspace, and what runs in it: a script, a command, or what is typed.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>What a script gets to finish after a signal, before the process ends without it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // A process that a signal ended has 128 + the signal's number as its exit code.
    private const int Interrupted = 130;
    private const int Terminated = 143;

    private readonly Arguments _arguments;
    private readonly Terminal _terminal;
    private readonly Host _host;
    private readonly Runspace _runspace;
    private volatile PowerShell? _running;
    private int? _signalled;

    public Session(Arguments arguments)
    {
        Terminal terminal = new(arguments.NonInteractive) { Interrupted = () => Stop(Interrupted) };
        _arguments = arguments;
        _terminal = terminal;
        _host = new Host(terminal);
        if (Environment.GetEnvironmentVariable("PSExecutionPolicyPreference") is null or "")
        {
            Environment.SetEnvironmentVariable("PSExecutionPolicyPreference", "RemoteSigned");
        }
        _runspace = RunspaceFactory.CreateRunspace(_host, InitialSessionState.CreateDefault2());
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace.Open();
        PSStyle.Instance.OutputRendering = terminal.HasColour ? OutputRendering.Host : OutputRendering.PlainText;
        _runspace.SessionStateProxy.InvokeCommand.CommandNotFoundAction +=
            (_, missing) => _host.Interface.Missing.Add(missing.CommandName);
    }

    public int Run()
    {
        using PosixSignalRegistration interrupt = StopAt(PosixSignal.SIGINT, Interrupted);
        using PosixSignalRegistration terminate = StopAt(PosixSignal.SIGTERM, Terminated);
        bool succeeded = true;
        switch (_arguments.Mode)
        {
            case Mode.File:
                LetExitReachHost();
                succeeded = Invoke(shell =>
                {
                    Command script = new(_arguments.Target, isScript: false, useLocalScope: false);
                    _arguments.Parameters.ForEach(script.Parameters.Add);
                    shell.Commands.AddCommand(script);
                });
                break;
            case Mode.Command:
                succeeded = Invoke(shell => shell.AddScript(_arguments.Target, useLocalScope: false))
                    && _runspace.SessionStateProxy.GetVariable("?") is true;
                break;
            case Mode.Interactive when _terminal.IsInteractive:
                _terminal.Write(Stream.Error, $"{Arguments.Limits} Type exit to leave.{Environment.NewLine}");
                RunPrompt();
                break;
            default:
                throw new UsageException("there is nothing to run, and no terminal to ask in; -Help says more");
        }
        return _signalled ?? _host.ExitCode ?? (succeeded ? 0 : 1);
    }

    public void Dispose() => _runspace.Dispose();

    /// <summary>
    /// Makes `exit` in the next script end the host, as pwsh does for -File. Otherwise it ends the script and sets
    /// $LASTEXITCODE, which a native command may have set as well. The engine keeps this switch to itself.
    /// </summary>
    private void LetExitReachHost()
    {
        const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;
        object context = typeof(Runspace).GetProperty("ExecutionContext", Hidden)!.GetValue(_runspace)!;
        context.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Hidden)!.SetValue(context, true);
    }

    /// <summary>Runs one pipeline with its output and errors formatted; false when an error ended it.</summary>
    private bool Invoke(Action<PowerShell> build)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        build(shell);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Out-Default");
        _running = shell;
        try
        {
            // Without history the engine would put `$?` back to what it was.
            shell.Invoke(input: null, new PSInvocationSettings { AddToHistory = true });
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (Exception error) when (error is IContainsErrorRecord)
        {
            Report(((IContainsErrorRecord)error).ErrorRecord, error.Message);
            return false;
        }
        finally
        {
            _running = null;
            _host.Interface.EndCommand();
        }
    }

    /// <summary>Shows the error that ended a pipeline in the engine's own view.</summary>
    private void Report(ErrorRecord error, string message)
    {
        if (error.InvocationInfo is null)
        {
            // A command that cannot be parsed has no place yet, without which the view shows nothing.
            _host.Interface.WriteErrorLine($"{error.CategoryInfo.Category}: {message}");
            return;
        }
        using PowerShell shell = PowerShell.Create(_runspace);
        _host.Interface.OutputIsError = true;
        shell.AddCommand("Out-Default").Invoke(new[] { error });
        _host.Interface.OutputIsError = false;
    }

    private void RunPrompt()
    {
        while (_host.ExitCode is null && _signalled is null)
        {
            try
            {
                if (ReadCommand() is not string text)
                {
                    return;
                }
                Invoke(shell => shell.AddScript(text, useLocalScope: false));
            }
            catch (PipelineStoppedException)
            {
                // Ctrl+C at the prompt drops the line.
            }
        }
    }

    private PosixSignalRegistration StopAt(PosixSignal signal, int exitCode) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Stop(exitCode);
        });

    /// <summary>One whole command, which may take several lines; null at the end of input.</summary>
    private string? ReadCommand()
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        _terminal.Write(Stream.Prompt, string.Concat(shell.AddCommand("prompt").Invoke<string>()));
        string? text = _terminal.ReadLine();
        while (text is not null && IsIncomplete(text))
        {
            _terminal.Write(Stream.Prompt, ">> ");
            text = _terminal.ReadLine() is string more ? $"{text}\n{more}" : null;
        }
        return text;
    }

    private static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out ParseError[] errors);
        return errors.Any(error => error.IncompleteInput);
    }

    /// <summary>Stops what runs. Then the process ends, but for Ctrl+C at the prompt.</summary>
    private void Stop(int exitCode)
    {
        PowerShell? running = _running;
        if (exitCode != Interrupted || _arguments.Mode != Mode.Interactive)
        {
            if (running is null || _signalled is not null)
            {
                Environment.Exit(exitCode);
            }
            _signalled = exitCode;
            Task.Delay(Grace).ContinueWith(_ => Environment.Exit(exitCode), TaskScheduler.Default);
        }
        running?.BeginStop(callback: null, state: null);
    }
}

/// <summary>What the engine asks of its host besides the interface.</summary>
internal sealed class Host(Terminal terminal) : PSHost
{
    /// <summary>The code of the `exit` that ends the process; null until there was one.</summary>
    public int? ExitCode { get; private set; }

    public UserInterface Interface { get; } = new(terminal);

    public override PSHostUserInterface UI => Interface;
    public override string Name => "pwsh.cs";
    public override Version Version { get; } = new(1, 0);
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;
    public override void NotifyBeginApplication() => terminal.ClearProgress();

    public override void NotifyEndApplication()
    {
    }

    public override void EnterNestedPrompt() => throw new NotSupportedException("pwsh.cs has no nested prompts");
    public override void ExitNestedPrompt() => throw new NotSupportedException("pwsh.cs has no nested prompts");
}

/// <summary>The engine's streams and questions, on the terminal.</summary>
internal sealed class UserInterface(Terminal terminal) : PSHostUserInterface
{
    private bool _limitsMatter;

    /// <summary>Names that were looked up and were no commands.</summary>
    public HashSet<string> Missing { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether what is formatted now is an error that ended the pipeline.</summary>
    public bool OutputIsError { get; set; }

    public override PSHostRawUserInterface RawUI { get; } = new RawUserInterface(terminal);

    public override bool SupportsVirtualTerminal => terminal.HasColour;

    /// <summary>Ends the output of a command; where it failed for a missing command, says why.</summary>
    public void EndCommand()
    {
        terminal.ClearProgress();
        if (_limitsMatter)
        {
            terminal.Write(Stream.Error, Arguments.Limits + Environment.NewLine);
        }
        _limitsMatter = false;
        Missing.Clear();
    }

    public override void Write(string value)
    {
        _limitsMatter |= OutputIsError && NamesMissing(value);
        terminal.Write(OutputIsError ? Stream.Error : Stream.Output, value);
    }

    public override void Write(ConsoleColor foreground, ConsoleColor background, string value) =>
        Write(PSStyle.MapForegroundColorToEscapeSequence(foreground)
            + (background == RawUI.BackgroundColor ? "" : PSStyle.MapBackgroundColorToEscapeSequence(background))
            + value + PSStyle.Instance.Reset);

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value)
    {
        _limitsMatter |= NamesMissing(value);
        terminal.Write(Stream.Error, value + Environment.NewLine);
    }

    public override void WriteWarningLine(string message) => WriteLabelled(FormatStyle.Warning, "WARNING", message);

    public override void WriteVerboseLine(string message) => WriteLabelled(FormatStyle.Verbose, "VERBOSE", message);

    public override void WriteDebugLine(string message) => WriteLabelled(FormatStyle.Debug, "DEBUG", message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => terminal.WriteProgress(record);

    public override string ReadLine() => Answer("a line of input", "");

    public override SecureString ReadLineAsSecureString() => Secure(Answer("a line of input", "", masked: true));

    public override Dictionary<string, PSObject> Prompt(
        string caption, string message, Collection<FieldDescription> descriptions)
    {
        WriteQuestion(caption, message);
        return descriptions.ToDictionary(field => field.Name, field => PSObject.AsPSObject(Ask(field)));
    }

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName)
    {
        WriteQuestion(caption, message);
        string user = string.IsNullOrEmpty(userName) ? Answer("a user name", "User: ") : userName;
        return new PSCredential(user, Secure(Answer("a password", $"Password for {user}: ", masked: true)));
    }

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName,
        PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        PromptForCredential(caption, message, userName, targetName);

    public override int PromptForChoice(
        string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        WriteQuestion(caption, message);
        string[] keys = [.. choices.Select(Key)];
        string[] labels = [.. choices.Select(choice => choice.Label.Replace("&", "", StringComparison.Ordinal))];
        string line = string.Concat(keys.Zip(labels, (key, label) => $"[{key}] {label}  ")) + "[?] Help"
            + (defaultChoice >= 0 ? $" (default is \"{keys[defaultChoice]}\"): " : ": ");
        while (true)
        {
            string answer = Answer($"an answer to «{caption}: {message}»", line).Trim();
            bool IsAnswer(string text) => text.Equals(answer, StringComparison.OrdinalIgnoreCase);
            int chosen = Math.Max(Array.FindIndex(keys, IsAnswer), Array.FindIndex(labels, IsAnswer));
            if (chosen >= 0 || (answer.Length == 0 && defaultChoice >= 0))
            {
                return chosen >= 0 ? chosen : defaultChoice;
            }
            foreach ((string key, ChoiceDescription choice) in keys.Zip(choices).Where(_ => answer == "?"))
            {
                terminal.Write(Stream.Prompt, $"{key} - {choice.HelpMessage}{Environment.NewLine}");
            }
        }
    }

    /// <summary>The letter behind the ampersand of `Yes to &amp;All`; the whole label where there is none.</summary>
    private static string Key(ChoiceDescription choice) => choice.Label.Split('&') is [_, { Length: > 0 } rest, ..]
        ? rest[..1].ToUpperInvariant()
        : choice.Label;

    private static SecureString Secure(string text)
    {
        SecureString secure = new();
        text.ToList().ForEach(secure.AppendChar);
        secure.MakeReadOnly();
        return secure;
    }

    private bool NamesMissing(string text) =>
        Missing.Any(name => text.Contains($"'{name}'", StringComparison.OrdinalIgnoreCase));

    /// <summary>A mandatory parameter that was left out; the engine converts what is typed to its type.</summary>
    private object Ask(FieldDescription field)
    {
        string type = field.ParameterTypeFullName;
        if (type == typeof(PSCredential).FullName)
        {
            return PromptForCredential("", field.Name, "", "");
        }
        if (type == typeof(SecureString).FullName)
        {
            return Secure(Answer($"a value for {field.Name}", $"{field.Name}: ", masked: true));
        }
        if (!type.EndsWith("[]", StringComparison.Ordinal))
        {
            return Answer($"a value for {field.Name}", $"{field.Name}: ");
        }
        List<string> items = [];
        while (Answer($"values for {field.Name}", $"{field.Name}[{items.Count}]: ") is { Length: > 0 } item)
        {
            items.Add(item);
        }
        return items.ToArray();
    }

    /// <summary>What is typed; without a terminal an error that names what was asked for, never a hang.</summary>
    private string Answer(string what, string prompt, bool masked = false)
    {
        if (!terminal.IsInteractive)
        {
            throw new HostException($"cannot ask for {what}: the session is not interactive");
        }
        terminal.Write(Stream.Prompt, prompt);
        return terminal.ReadLine(masked) ?? throw new HostException($"the input ended instead of giving {what}");
    }

    private void WriteQuestion(params string[] lines)
    {
        foreach (string line in lines.Where(line => terminal.IsInteractive && line is { Length: > 0 }))
        {
            terminal.Write(Stream.Prompt, line + Environment.NewLine);
        }
    }

    private void WriteLabelled(FormatStyle style, string label, string message) => terminal.Write(
        Stream.Error, $"{GetFormatStyleString(style)}{label}: {message}{PSStyle.Instance.Reset}{Environment.NewLine}");
}

/// <summary>Size, cursor and keys.</summary>
internal sealed class RawUserInterface(Terminal terminal) : PSHostRawUserInterface
{
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;
    public override Size BufferSize { get => terminal.Size; set => throw new NotSupportedException(); }
    public override Size WindowSize { get => terminal.Size; set => throw new NotSupportedException(); }
    public override Size MaxWindowSize => terminal.Size;
    public override Size MaxPhysicalWindowSize => terminal.Size;
    public override int CursorSize { get; set; } = 25;
    public override Coordinates WindowPosition { get; set; }

    public override Coordinates CursorPosition
    {
        get => terminal.IsInteractive ? new Coordinates(Console.CursorLeft, Console.CursorTop) : default;
        set => Console.SetCursorPosition(value.X, value.Y);
    }

    public override string WindowTitle
    {
        get => OperatingSystem.IsWindows() ? Console.Title : "";
        set => Console.Title = value;
    }

    public override bool KeyAvailable => terminal.IsInteractive && Console.KeyAvailable;

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!terminal.IsInteractive)
        {
            throw new HostException("cannot wait for a key: the session is not interactive");
        }
        ConsoleKeyInfo key = Console.ReadKey(intercept: options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, default, keyDown: true);
    }

    public override void FlushInputBuffer()
    {
    }

    /// <summary>Clear-Host fills the whole screen with blanks; nothing else comes here.</summary>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => Console.Clear();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) =>
        throw new NotSupportedException();

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();

    public override void ScrollBufferContents(
        Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw new NotSupportedException();
}

internal enum Stream
{
    Output,
    Error,

    /// <summary>Standard output where it is a terminal, else standard error: a question must be seen.</summary>
    Prompt,
}

/// <summary>The process's streams: colour only on a terminal, and one line of progress there.</summary>
internal sealed class Terminal(bool nonInteractive)
{
    private const int ProgressIntervalMs = 100;

    private readonly Lock _lock = new();
    private readonly bool _colour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && (OperatingSystem.IsWindows()
            ? WindowsConsole.EnableEscapes()
            : Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"));

    private long _progressShownAt;
    private bool _progressVisible;

    public bool IsInteractive { get; } = !nonInteractive && !Console.IsInputRedirected && IsSeen;

    /// <summary>What Ctrl+C does while a line is read.</summary>
    public Action Interrupted { get; init; } = () => { };

    public bool HasColour => _colour && IsSeen;

    public Size Size => Console.IsOutputRedirected || Console.WindowWidth <= 0
        ? new Size(120, 50)
        : new Size(Console.WindowWidth, Console.WindowHeight);

    private static bool IsSeen => !Console.IsOutputRedirected || !Console.IsErrorRedirected;

    public void Write(Stream stream, string text)
    {
        bool toError = stream == Stream.Error || (stream == Stream.Prompt && Console.IsOutputRedirected);
        if (!_colour || (toError ? Console.IsErrorRedirected : Console.IsOutputRedirected))
        {
            text = new StringDecorated(text).ToString(OutputRendering.PlainText);
        }
        lock (_lock)
        {
            ClearProgress();
            (toError ? Console.Error : Console.Out).Write(text);
        }
    }

    public void WriteProgress(ProgressRecord record)
    {
        long now = Environment.TickCount64;
        lock (_lock)
        {
            if (record.RecordType == ProgressRecordType.Completed)
            {
                ClearProgress();
            }
            else if (_colour && !Console.IsErrorRedirected && now - _progressShownAt >= ProgressIntervalMs)
            {
                string percent = record.PercentComplete < 0 ? "" : $" {record.PercentComplete} %";
                string line = $"{record.Activity}: {record.StatusDescription}{percent} {record.CurrentOperation}";
                line = line[..Math.Min(line.Length, Console.WindowWidth - 1)];
                Console.Error.Write($"\r{PSStyle.Instance.Progress.Style}{line}{PSStyle.Instance.Reset}\e[K");
                _progressShownAt = now;
                _progressVisible = true;
            }
        }
    }

    public void ClearProgress()
    {
        lock (_lock)
        {
            if (_progressVisible)
            {
                Console.Error.Write("\r\e[K");
            }
            _progressVisible = false;
        }
    }

    /// <summary>What is typed up to Enter; null for Ctrl+D on an empty line.</summary>
    /// <exception cref="PipelineStoppedException">Ctrl+C was pressed.</exception>
    public string? ReadLine(bool masked = false)
    {
        StringBuilder text = new();
        // As a signal Ctrl+C could not end the wait for a key, so it comes as a key.
        Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                switch (key.Key)
                {
                    case ConsoleKey.C when key.Modifiers == ConsoleModifiers.Control:
                        Interrupted();
                        throw new PipelineStoppedException();
                    case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control && text.Length == 0:
                        return null;
                    case ConsoleKey.Enter:
                        return text.ToString();
                    case ConsoleKey.Backspace when text.Length > 0:
                        text.Length--;
                        Write(Stream.Prompt, "\b \b");
                        break;
                    case var _ when !char.IsControl(key.KeyChar):
                        text.Append(key.KeyChar);
                        Write(Stream.Prompt, masked ? "*" : key.KeyChar.ToString());
                        break;
                }
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            Write(Stream.Prompt, Environment.NewLine);
        }
    }
}

internal static class WindowsConsole
{
    /// <summary>Lets the console act on escape sequences, as pwsh does; false where neither stream can.</summary>
    public static bool EnableEscapes() => new[] { -11, -12 }.Select(GetStdHandle).Count(handle =>
        GetConsoleMode(handle, out uint mode) && SetConsoleMode(handle, mode | 4)) > 0;

    [DllImport("kernel32.dll")]
    private static extern nint GetStdHandle(int stream);

    [DllImport("kernel32.dll")]
    private static extern bool GetConsoleMode(nint handle, out uint mode);

    [DllImport("kernel32.dll")]
    private static extern bool SetConsoleMode(nint handle, uint mode);
}
