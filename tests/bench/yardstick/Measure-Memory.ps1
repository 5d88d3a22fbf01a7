# Streams all devices in a console that has run one pipeline, and writes the most bytes that it had over its idle ones.
param([string] $Module, [string] $Url, [string] $Key, [string] $SecretKey)

$ErrorActionPreference = 'Stop'
1 | ForEach-Object { }
$process = [Diagnostics.Process]::GetCurrentProcess()
$idle = $process.WorkingSet64
Import-Module $Module
Connect-DrmmApi -Url $Url -Key $Key -SecretKey $SecretKey
Get-DrmmDevice | ForEach-Object { }
$process.Refresh()
ConvertTo-Json ($process.PeakWorkingSet64 - $idle)
