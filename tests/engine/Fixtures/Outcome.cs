using System.Management.Automation;
using Xunit.Sdk;

namespace DattoRMM.Tests.Fixtures;

/// <summary>What a script wrote to each of its streams.</summary>
public sealed class Outcome
{
    internal Outcome(PowerShell shell, IEnumerable<PSObject?> output, RuntimeException? thrown)
    {
        Output = [.. output];
        Thrown = thrown;
        Errors = [.. shell.Streams.Error];
        if (thrown != null && !Errors.Contains(thrown.ErrorRecord))
        {
            Errors = [.. Errors, thrown.ErrorRecord];
        }
        Verbose = [.. shell.Streams.Verbose.Select(record => record.Message)];
        Debug = [.. shell.Streams.Debug.Select(record => record.Message)];
        Warnings = [.. shell.Streams.Warning.Select(record => record.Message)];
        Progress = [.. shell.Streams.Progress];
        Information = [.. shell.Streams.Information.Select(record => record.MessageData.ToString()!)];
    }

    public IReadOnlyList<PSObject?> Output { get; }

    /// <summary>Non-terminating errors and, last, the one that ended the script.</summary>
    public IReadOnlyList<ErrorRecord> Errors { get; }

    /// <summary>What ended the script before its end, or null.</summary>
    public RuntimeException? Thrown { get; }

    public IReadOnlyList<string> Verbose { get; }

    public IReadOnlyList<string> Debug { get; }

    public IReadOnlyList<string> Warnings { get; }

    public IReadOnlyList<ProgressRecord> Progress { get; }

    public IReadOnlyList<string> Information { get; }

    /// <summary>Whether the script was stopped.</summary>
    public bool Stopped => Thrown is PipelineStoppedException;

    /// <summary>The output as text, value by value.</summary>
    public IReadOnlyList<string?> Texts => [.. Output.Select(value => value?.ToString())];

    /// <summary>The only output.</summary>
    public PSObject One => Output is [{ } only]
        ? only
        : throw new XunitException($"one object expected, {Output.Count} came; {Describe()}");

    /// <summary>The only error.</summary>
    public ErrorRecord Error => Errors is [{ } only]
        ? only
        : throw new XunitException($"one error expected, {Errors.Count} came: {Describe()}");

    /// <summary>All that a user could have read, in no order.</summary>
    public string AllText => string.Join('\n', [
        .. Errors.Select(ErrorText.Of),
        .. Verbose, .. Debug, .. Warnings, .. Information,
        .. Progress.Select(record => $"{record.Activity} {record.StatusDescription} {record.CurrentOperation}"),
    ]);

    /// <summary>Itself, if the script wrote no error.</summary>
    public Outcome Well() => Errors.Count == 0
        ? this
        : throw new XunitException($"no error expected; {Describe()}");

    private string Describe() =>
        string.Join("; ", Errors.Select(error => $"{error.FullyQualifiedErrorId}: {error}"));
}
