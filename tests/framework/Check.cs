using System;
using DattoRMM.Client;

namespace DattoRMM.Tests;

/// <summary>What a case expects.</summary>
internal static class Check
{
    internal static void Equal(object? expected, object? actual)
    {
        if (!Equals(expected, actual))
        {
            throw new InvalidOperationException(
                $"expected {Show(expected)}, found {Show(actual)}");
        }
    }

    internal static DrmmException Throws(ErrorKind kind, Func<object> action)
    {
        try
        {
            action();
        }
        catch (DrmmException fault)
        {
            Equal(kind, fault.Kind);
            return fault;
        }
        throw new InvalidOperationException($"expected {kind}, found no fault");
    }

    private static string Show(object? value) => value == null ? "nothing" : $"{value} ({value.GetType()})";
}
